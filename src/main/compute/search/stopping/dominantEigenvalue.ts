import { at } from "#shared/at.ts";

/** How the power iteration runs. */
export interface PowerIteration {
  /** Length of the step of the finite differences. */
  readonly step: number;
  readonly mostIterations: number;
  /** It ends where the eigenvalue changes by less than this share. */
  readonly tolerance: number;
}

/**
 * The eigenvalue of largest size of a Hessian, by power iteration on its products with vectors, each the difference of two
 * gradients: H v = (g(step v) - g(-step v)) / 2 step. `gradientAt` gives the gradient at a shift from where the Hessian is wanted;
 * `start` is any direction that is not quite without the eigenvector. 0 where the gradient does not change.
 */
export function dominantEigenvalue(
  gradientAt: (shift: readonly number[]) => readonly number[],
  start: readonly number[],
  { step, mostIterations, tolerance }: PowerIteration,
): number {
  let direction = toUnit(start);
  let eigenvalue = 0;
  for (let iteration = 0; iteration < mostIterations && direction !== null; iteration++) {
    const along = direction;
    const [ahead, behind] = [step, -step].map((length) => gradientAt(along.map((each) => each * length)));
    const product = along.map(
      (_, i) => (at(ahead ?? [], i, "gradient") - at(behind ?? [], i, "gradient")) / (2 * step),
    );
    const before = eigenvalue;
    eigenvalue = dot(along, product);
    direction = toUnit(product);
    if (iteration > 0 && Math.abs(eigenvalue - before) <= tolerance * Math.abs(eigenvalue)) break;
  }
  return eigenvalue;
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, each, index) => sum + each * at(b, index, "vector"), 0);
}

/** Null for a vector of zeros. */
function toUnit(vector: readonly number[]): readonly number[] | null {
  const length = Math.sqrt(dot(vector, vector));
  return length === 0 ? null : vector.map((each) => each / length);
}
