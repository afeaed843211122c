import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";

import { startEngine } from "#main/compute/engine/engine.ts";
import { orthogonalise } from "#main/compute/learning/optimisers/orthogonalise.ts";

import { largestDifference } from "#tests/helpers/arrays.ts";
import { drawTensor3D, iterate, transpose, type Matrix } from "./plainOrthogonalise.ts";

await startEngine();

function columnsOf(values: readonly number[], rows: number, columns: number): Matrix {
  return Array.from({ length: rows }, (_, row) => values.slice(row * columns, (row + 1) * columns));
}

describe("orthogonalise", () => {
  it.each([
    [40, 16],
    [16, 40],
    [24, 24],
  ])("gives what five iterations in double precision give of matrices %d x %d", (rows, columns) => {
    const given = drawTensor3D(3, rows, columns);
    const turned = orthogonalise(given);
    const expected = [0, 1, 2].flatMap((index) => {
      const values = [...tf.slice(given, index, 1).dataSync()];
      return iterate(columnsOf(values, rows, columns)).flat();
    });
    expect(turned.shape).toEqual([3, rows, columns]);
    expect(largestDifference(turned.dataSync(), expected)).toBeLessThan(2e-4);
    tf.dispose([given, turned]);
  });

  it("brings singular values that differ a hundredfold near 1", () => {
    const side = 16;
    const sizes = Array.from({ length: side }, (_, place) => 10 ** (-2 * (place / (side - 1))));
    const [turn] = [orthogonalise(drawTensor3D(1, side, side))];
    const given: tf.Tensor3D = tf.matMul(turn, tf.reshape(tf.diag(tf.tensor1d(sizes)), [1, side, side]));
    const values = [...orthogonalise(given).dataSync()];
    const matrix = columnsOf(values, side, side);
    const squares = transpose(matrix).map((column) => column.reduce((sum, value) => sum + value * value, 0));
    for (const square of squares) {
      expect(square).toBeGreaterThan(0.4);
      expect(square).toBeLessThan(1.6);
    }
  });

  it("leaves a matrix of zeros at zero, beside others", () => {
    const turned = orthogonalise(tf.concat([tf.zeros<tf.Rank.R3>([1, 20, 16]), drawTensor3D(1, 20, 16)]));
    const [zeros, others] = tf.split(turned, 2) as [tf.Tensor, tf.Tensor];
    expect(Math.max(...tf.abs(zeros).dataSync())).toBe(0);
    expect(Math.max(...others.dataSync())).toBeGreaterThan(0.1);
  });
});
