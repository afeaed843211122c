import * as tf from "@tensorflow/tfjs-core";
import type { Tensor } from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";

import { startEngine } from "#main/compute/engine/engine.ts";
import { Tape } from "#main/compute/layers/tape.ts";
import type { Value } from "#main/compute/layers/tape.ts";
import { ArchLeaves, archVector } from "#main/compute/supernet/archLeaves.ts";

import { countLeaks } from "#tests/helpers/tensors.ts";

const { kernels } = await startEngine();

/** One layer with two edges and two primitives, and one router. */
const weights = {
  op: [
    [
      [0.25, 0.75],
      [0.5, 0.125],
    ],
  ],
  move: [[0, 0.25, 0.75]],
};

/** Walks back from the sum of all given leaves times the numbers 1, 2, 3, ... in each. */
function walkBack(tape: Tape, leaves: readonly Value<Tensor>[]): void {
  for (const leaf of leaves) {
    const count = Array.from({ length: leaf.tensor.size }, (_, i) => i + 1);
    const slope = tf.tensor(count, leaf.tensor.shape);
    tape.backward(
      tape.recordOne(tf.mul(leaf.tensor, slope), [leaf], [slope], (dy) => [tf.mul(dy, slope)]),
      tf.onesLike(leaf.tensor),
    );
  }
}

describe("ArchLeaves", () => {
  it("repeats each edge's op weight over its channels, and sums the gradient over them", () => {
    const tape = new Tape(kernels, true);
    const arch = new ArchLeaves(tape, weights, true);
    const scale = arch.opScale(0, [0, 1], 1, 3);
    expect([...scale.tensor.dataSync()]).toEqual([0.75, 0.75, 0.75, 0.125, 0.125, 0.125]);
    walkBack(tape, [scale]);
    expect(arch.takeGradients()).toEqual({
      op: [
        [
          [0, 1 + 2 + 3],
          [0, 4 + 5 + 6],
        ],
      ],
      move: [[0, 0, 0]],
    });
  });

  it("copies the input to each edge times its op weight, and takes the gradient from the diagonal alone", () => {
    const tape = new Tape(kernels, true);
    const arch = new ArchLeaves(tape, weights, true);
    const filter = arch.copyFilter(0, [0, 1], 0, 2);
    expect(tf.reshape<tf.Rank.R2>(filter.tensor, [2, 4]).arraySync()).toEqual([
      [0.25, 0, 0.5, 0],
      [0, 0.25, 0, 0.5],
    ]);
    walkBack(tape, [filter]);
    expect(arch.takeGradients().op).toEqual([
      [
        [1 + 6, 0],
        [3 + 8, 0],
      ],
    ]);
  });

  it("repeats a move weight over the channels it leads to, and adds up all leaves made from one weight", () => {
    const tape = new Tape(kernels, true);
    const arch = new ArchLeaves(tape, weights, true);
    const leaves = [arch.moveScale(0, 2, 2), arch.moveScale(0, 2, 3), arch.moveScale(0, 1, 2)];
    expect([...leaves[0]!.tensor.dataSync()]).toEqual([0.75, 0.75]);
    walkBack(tape, leaves);
    expect(arch.takeGradients().move).toEqual([[0, 1 + 2, 1 + 2 + 1 + 2 + 3]]);
  });

  it("gives zeros where no gradient arrived", () => {
    const arch = new ArchLeaves(new Tape(kernels, true), weights, true);
    arch.moveScale(0, 1, 2);
    expect(arch.takeGradients().move).toEqual([[0, 0, 0]]);
  });

  it("leaves no tensor behind", async () => {
    const run = (): void => {
      const tape = new Tape(kernels, true);
      const arch = new ArchLeaves(tape, weights, true);
      walkBack(tape, [arch.opScale(0, [0, 1], 0, 2), arch.copyFilter(0, [1], 1, 2), arch.moveScale(0, 1, 2)]);
      arch.takeGradients();
      arch.close();
      tape.dispose();
    };
    expect(await countLeaks(run)).toBe(0);
  });

  it("leaves a vector that it is given to its owner", () => {
    const vector = tf.tensor1d(archVector(weights));
    const arch = new ArchLeaves(new Tape(kernels, false), weights, false, vector);
    arch.moveScale(0, 1, 2);
    arch.close();
    expect([...vector.dataSync()]).toEqual([0, 0.25, 0.75, 0.5, 0.125, 0, 0.25, 0.75]);
    vector.dispose();
  });
});
