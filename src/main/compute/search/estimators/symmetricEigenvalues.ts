import { at } from "#shared/at.ts";

/** Sweeps over all pairs that give up; a matrix of a few dozen rows needs fewer than ten. */
const MOST_SWEEPS = 50;
/** Of the diagonal's size: what is left beside it that no longer counts. */
const NEGLIGIBLE = 1e-14;

/** Finds all eigenvalues of a symmetric matrix of finite numbers by Jacobi's rotations, the largest first. */
export function symmetricEigenvalues(matrix: readonly (readonly number[])[]): number[] {
  const rows = matrix.map((row) => Float64Array.from(row));
  const entry = (row: number, column: number): number => at(at(rows, row, "rows"), column, "columns");
  const set = (row: number, column: number, value: number): void => {
    at(rows, row, "rows")[column] = value;
  };
  const pairs = rows.flatMap((_, q) => Array.from({ length: q }, (__, p) => [p, q] as const));
  const size = (list: readonly number[]): number => Math.sqrt(list.reduce((sum, value) => sum + value * value, 0));
  const whole = size(matrix.flat());
  for (let sweep = 0; sweep < MOST_SWEEPS; sweep++) {
    if (size(pairs.map(([p, q]) => entry(p, q))) <= NEGLIGIBLE * whole) break;
    for (const [p, q] of pairs) rotate(p, q);
  }
  return rows.map((_, index) => entry(index, index)).toSorted((a, b) => b - a);

  /** Turns the plane of two axes until the entry between them is zero. */
  function rotate(p: number, q: number): void {
    const between = entry(p, q);
    if (between === 0) return;
    const theta = (entry(q, q) - entry(p, p)) / (2 * between);
    const tangent = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.hypot(theta, 1));
    const cosine = 1 / Math.hypot(tangent, 1);
    const sine = tangent * cosine;
    for (const index of rows.keys()) {
      const [a, b] = [entry(index, p), entry(index, q)];
      set(index, p, cosine * a - sine * b);
      set(index, q, sine * a + cosine * b);
    }
    for (const index of rows.keys()) {
      const [a, b] = [entry(p, index), entry(q, index)];
      set(p, index, cosine * a - sine * b);
      set(q, index, sine * a + cosine * b);
    }
  }
}
