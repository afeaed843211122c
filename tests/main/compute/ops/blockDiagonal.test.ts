import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";

import { startEngine } from "#main/compute/engine/engine.ts";
import { checkGradient } from "#main/compute/layers/gradientCheck.ts";
import { Tape } from "#main/compute/layers/tape.ts";
import type { Value } from "#main/compute/layers/tape.ts";
import { blockDiagonal } from "#main/compute/ops/blockDiagonal.ts";
import type { RowGrouping } from "#main/compute/ops/blockDiagonal.ts";

import { drawTensor } from "#tests/helpers/drawTensor.ts";

const { kernels } = await startEngine();

/** Two edges of two input and two output channels: 1..4 for the first edge, 5..8 for the second. */
function spread(grouping: RowGrouping): number[][] {
  return tf.tidy(() => {
    const tape = new Tape(kernels, false);
    const filters = tape.leaf(tf.tensor4d([1, 2, 3, 4, 5, 6, 7, 8], [2, 1, 2, 2]), false);
    return tf.reshape<tf.Rank.R2>(blockDiagonal(tape, filters, grouping).tensor, [4, 4]).arraySync();
  });
}

describe("blockDiagonal", () => {
  it("puts the edges' filters along the diagonal where rows are grouped by edge", () => {
    expect(spread("edge")).toEqual([
      [1, 2, 0, 0],
      [3, 4, 0, 0],
      [0, 0, 5, 6],
      [0, 0, 7, 8],
    ]);
  });

  it("alternates the edges' rows where rows are grouped by input channel", () => {
    expect(spread("input_channel")).toEqual([
      [1, 2, 0, 0],
      [0, 0, 5, 6],
      [3, 4, 0, 0],
      [0, 0, 7, 8],
    ]);
  });

  it.each(["edge", "input_channel"] as const)("sends the right gradient with rows by %s", (grouping) => {
    const filters = drawTensor([3, 1, 2, 4], 1);
    const error = checkGradient(kernels, [filters], (tape, [value]) => blockDiagonal(tape, value as Value, grouping));
    expect(error).toBeLessThan(1e-3);
    filters.dispose();
  });

  it("hands a single edge's filter on as it is", () => {
    tf.tidy(() => {
      const tape = new Tape(kernels, true);
      const filter = tape.leaf(drawTensor([1, 1, 2, 3], 1), true);
      expect(blockDiagonal(tape, filter, "edge")).toBe(filter);
    });
  });
});
