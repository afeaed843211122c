import * as tf from "@tensorflow/tfjs-core";
import type { Tensor1D } from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";

import { batchNorm } from "#main/compute/layers/batchNorm.ts";
import { convolve } from "#main/compute/layers/convolution.ts";
import { checkGradient } from "#main/compute/layers/gradientCheck.ts";
import type { Computation } from "#main/compute/layers/gradientCheck.ts";
import { Tape } from "#main/compute/layers/tape.ts";
import type { Value } from "#main/compute/layers/tape.ts";
import { mixRoutes } from "#main/compute/supernet/widthRouter.ts";

import { largestDifference } from "#tests/helpers/arrays.ts";
import { drawTensor } from "#tests/helpers/drawTensor.ts";
import { listKernels } from "#tests/helpers/kernelCases.ts";
import { countLeaks } from "#tests/helpers/tensors.ts";

/** Two routes from sources of other widths into three channels. */
const makeInputs = () =>
  [
    ...[drawTensor([2, 4, 5, 2], 1), drawTensor([1, 1, 2, 3], 2), tf.fill<tf.Rank.R1>([3], 0.3)],
    ...[drawTensor([2, 4, 5, 4], 3), drawTensor([1, 1, 4, 3], 4), tf.fill<tf.Rank.R1>([3], 0.7)],
  ] as const;

const compute: Computation = (tape, inputs) =>
  mixRoutes(
    tape,
    [0, 3].map((at) => ({
      source: inputs[at] as Value,
      filter: inputs[at + 1] as Value,
      moveWeight: inputs[at + 2] as Value<Tensor1D>,
    })),
  );

describe.each(await listKernels())("mixRoutes on $name", ({ kernels }) => {
  it("sums the normalised routes by their move weights", () => {
    tf.tidy(() => {
      const tape = new Tape(kernels, false);
      const leaves = makeInputs().map((tensor) => tape.leaf<tf.Tensor>(tensor, false));
      const route = (at: number) =>
        batchNorm(tape, convolve(tape, leaves[at] as Value, leaves[at + 1] as Value)).tensor;
      const expected = tf.add(tf.mul(route(0), 0.3), tf.mul(route(3), 0.7));
      expect(largestDifference(compute(tape, leaves).tensor.dataSync(), expected.dataSync())).toBeLessThan(1e-5);
    });
  });

  it("sends the right gradients of sources, filters and move weights, and leaves nothing behind", async () => {
    const inputs = [...makeInputs()];
    expect(checkGradient(kernels, inputs, compute)).toBeLessThan(2e-3);
    expect(await countLeaks(() => checkGradient(kernels, inputs, compute))).toBe(0);
    tf.dispose(inputs);
  });
});
