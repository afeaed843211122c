import * as tf from "@tensorflow/tfjs-core";

import { drawNumbers } from "#tests/helpers/drawTensor.ts";

/** Rows of numbers. */
export type Matrix = readonly (readonly number[])[];

/** Draws `[count, rows, columns]`. */
export function drawTensor3D(count: number, rows: number, columns: number): tf.Tensor3D {
  return tf.tensor3d(drawNumbers(count * rows * columns, rows + columns), [count, rows, columns]);
}

/** The five iterations x -> a x + b x xᵀ x + c x xᵀ x xᵀ x on the matrix divided by its length, in double precision. */
export function iterate(matrix: Matrix): Matrix {
  const length = Math.sqrt(matrix.flat().reduce((sum, value) => sum + value * value, 0));
  let x = matrix.map((row) => row.map((value) => value / length));
  for (let iteration = 0; iteration < 5; iteration++) {
    const third = multiply(multiply(x, transpose(x)), x);
    const fifth = multiply(multiply(x, transpose(x)), third);
    x = x.map((row, r) =>
      row.map((value, c) => 3.4445 * value - 4.775 * (third[r]?.[c] ?? 0) + 2.0315 * (fifth[r]?.[c] ?? 0)),
    );
  }
  return x;
}

/** Turns rows into columns. */
export function transpose(matrix: Matrix): number[][] {
  return (matrix[0] ?? []).map((_, column) => matrix.map((row) => row[column] ?? 0));
}

function multiply(left: Matrix, right: Matrix): number[][] {
  const columns = transpose(right);
  return left.map((row) => columns.map((column) => row.reduce((sum, value, i) => sum + value * (column[i] ?? 0), 0)));
}
