/** A positive definite matrix `[n, n]` as L L^T; L is lower, row by row. */
export interface Factor {
  readonly size: number;
  readonly lower: Float64Array;
}

/** Factors a symmetric matrix `[n, n]`, row by row; null where it is not positive definite. */
export function factor(matrix: Float64Array, size: number): Factor | null {
  const lower = new Float64Array(size * size);
  const l = (row: number, column: number): number => lower[row * size + column] ?? NaN;
  for (let row = 0; row < size; row++) {
    for (let column = 0; column <= row; column++) {
      let sum = matrix[row * size + column] ?? NaN;
      for (let k = 0; k < column; k++) sum -= l(row, k) * l(column, k);
      if (row !== column) lower[row * size + column] = sum / l(column, column);
      else if (sum > 0) lower[row * size + row] = Math.sqrt(sum);
      else return null;
    }
  }
  return { size, lower };
}

/** Solves L x = b. */
export function solveLower({ size, lower }: Factor, b: ArrayLike<number>): Float64Array {
  const x = new Float64Array(size);
  for (let row = 0; row < size; row++) {
    let sum = b[row] ?? NaN;
    for (let k = 0; k < row; k++) sum -= (lower[row * size + k] ?? NaN) * (x[k] ?? NaN);
    x[row] = sum / (lower[row * size + row] ?? NaN);
  }
  return x;
}

/** Solves L L^T x = b. */
export function solve(factored: Factor, b: ArrayLike<number>): Float64Array {
  const { size, lower } = factored;
  const x = solveLower(factored, b);
  for (let row = size - 1; row >= 0; row--) {
    let sum = x[row] ?? NaN;
    for (let k = row + 1; k < size; k++) sum -= (lower[k * size + row] ?? NaN) * (x[k] ?? NaN);
    x[row] = sum / (lower[row * size + row] ?? NaN);
  }
  return x;
}

/** The logarithm of the determinant of L L^T. */
export function logDeterminant({ size, lower }: Factor): number {
  let sum = 0;
  for (let row = 0; row < size; row++) sum += 2 * Math.log(lower[row * (size + 1)] ?? NaN);
  return sum;
}
