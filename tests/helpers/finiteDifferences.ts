import { createRandom } from "#shared/random/createRandom.ts";

/** A gradient to be checked: where it was taken, what it says, and the function that it is the gradient of. */
export interface GradientClaim {
  readonly at: Float32Array;
  readonly gradient: ArrayLike<number>;
  readonly objective: (at: Float32Array) => number;
  /** Length of the step to each side. */
  readonly step: number;
}

/** A part of a vector that belongs together, such as one filter. */
export interface Part {
  readonly name: string;
  readonly from: number;
  readonly to: number;
}

/** Below this share of the whole gradient's length, errors of a part count relative to the share and not to the part. */
const SMALLEST_SHARE = 0.01;

/**
 * Compares a gradient part by part with central differences, along the part's own gradient and along a random direction
 * that is zero where `mask` is. Returns the parts whose slopes differ by more than the tolerance, relative to the length
 * of the part's gradient.
 */
export function findWrongSlopes(
  claim: GradientClaim,
  parts: readonly Part[],
  mask: ArrayLike<number>,
  tolerance: number,
): { name: string; error: number }[] {
  const gradient = Array.from(claim.gradient);
  const smallest = SMALLEST_SHARE * Math.hypot(...gradient);
  const random = createRandom(0, "test directions");
  return parts
    .map(({ name, from, to }) => {
      const own = gradient.map((value, index) => (index >= from && index < to ? value : 0));
      const other = own.map((_, index) => (index >= from && index < to ? (mask[index] ?? 0) * random.gaussian() : 0));
      const scale = Math.max(Math.hypot(...own), smallest);
      const error = Math.max(...[own, other].map((direction) => compareSlope(claim, direction) / scale));
      return { name, error };
    })
    .filter(({ error }) => !(error < tolerance));
}

/** The difference between the measured and the claimed slope along a direction; 0 along none. */
function compareSlope({ at, gradient, objective, step }: GradientClaim, raw: readonly number[]): number {
  const length = Math.hypot(...raw);
  if (length === 0) return 0;
  const direction = raw.map((value) => value / length);
  const move = (side: number): number => objective(at.map((value, i) => value + side * step * (direction[i] ?? 0)));
  const measured = (move(1) - move(-1)) / (2 * step);
  const claimed = direction.reduce((sum, value, i) => sum + value * (gradient[i] ?? NaN), 0);
  return Math.abs(measured - claimed);
}
