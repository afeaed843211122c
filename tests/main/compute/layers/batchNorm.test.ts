import * as tf from "@tensorflow/tfjs-core";
import type { Tensor, Tensor1D } from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";

import { batchNorm } from "#main/compute/layers/batchNorm.ts";
import { checkGradient } from "#main/compute/layers/gradientCheck.ts";
import { leakyRelu } from "#main/compute/layers/leakyRelu.ts";
import { Tape } from "#main/compute/layers/tape.ts";
import type { Value } from "#main/compute/layers/tape.ts";

import { largestDifference } from "#tests/helpers/arrays.ts";
import { drawAwayFromZero, drawNumbers } from "#tests/helpers/drawTensor.ts";
import { listKernels } from "#tests/helpers/kernelCases.ts";
import { countLeaks } from "#tests/helpers/tensors.ts";

const SHAPE = [2, 5, 7, 4] as const;
const TOLERANCE = 1e-3;

/** Scale and shift that leave numbers of about -1 and 1 clear of zero. */
const affine = (): [Tensor1D, Tensor1D] => [tf.tensor1d([1, 1.5, 2, 0.8]), tf.tensor1d([0.1, -0.1, 0.05, 0])];

describe.each(await listKernels())("batchNorm on $name", ({ kernels }) => {
  it.each([false, true])("sends the right gradient without scale and shift, activated %s", (activate) => {
    const x = drawAwayFromZero(SHAPE, 1);
    const error = checkGradient(kernels, [x], (tape, [value]) => batchNorm(tape, value as Value, { activate }));
    expect(error).toBeLessThan(TOLERANCE);
    x.dispose();
  });

  it.each([false, true])("sends the right gradients of input, scale and shift, activated %s", (activate) => {
    const inputs = [drawAwayFromZero(SHAPE, 1), ...affine()];
    const error = checkGradient(kernels, inputs, (tape, [x, gamma, beta]) =>
      batchNorm(tape, x as Value, {
        activate,
        affine: { gamma: gamma as Value<Tensor1D>, beta: beta as Value<Tensor1D> },
      }),
    );
    expect(error).toBeLessThan(TOLERANCE);
    tf.dispose(inputs);
  });

  it("activates as the leaky ReLU after it would", () => {
    tf.tidy(() => {
      const tape = new Tape(kernels, false);
      const x = tape.leaf(drawAwayFromZero(SHAPE, 1), false);
      const atOnce = batchNorm(tape, x, { activate: true }).tensor.dataSync();
      const apart = leakyRelu(tape, batchNorm(tape, x)).tensor.dataSync();
      expect(largestDifference(atOnce, apart)).toBe(0);
    });
  });

  it("hands the batch's mean and corrected variance to who asks for them", () => {
    const numbers = drawNumbers(2 * 5 * 7 * 4, 1);
    const told: Tensor[] = [];
    tf.tidy(() => {
      const tape = new Tape(kernels, false);
      const x = tape.leaf(tf.tensor4d(numbers, [...SHAPE]), false);
      batchNorm(tape, x, { onStatistics: (mean, variance) => told.push(tf.keep(mean), tf.keep(variance)) });
    });
    const channels = [0, 1, 2, 3].map((c) => [...numbers].filter((_, i) => i % 4 === c));
    const means = channels.map((values) => values.reduce((sum, v) => sum + v, 0) / values.length);
    const variances = channels.map(
      (values, c) => values.reduce((sum, v) => sum + (v - means[c]!) ** 2, 0) / (values.length - 1),
    );
    expect(largestDifference(told[0]!.dataSync(), means)).toBeLessThan(1e-5);
    expect(largestDifference(told[1]!.dataSync(), variances)).toBeLessThan(1e-5);
    tf.dispose(told);
  });

  it.each([false, true])("leaves no tensor behind, recording %s", async (isRecording) => {
    const run = (): void => {
      const tape = new Tape(kernels, isRecording);
      const inputs = [drawAwayFromZero(SHAPE, 1), ...affine()] as const;
      const [x, gamma, beta] = [
        tape.leaf(inputs[0], true),
        tape.leaf(inputs[1], true),
        tape.leaf(inputs[2], true),
      ] as const;
      const y = tape.scope(() => batchNorm(tape, batchNorm(tape, x, { affine: { gamma, beta } }), { activate: true }));
      if (isRecording) tape.backward(y, tf.onesLike(y.tensor));
      tape.dispose();
      tf.dispose([...inputs, y.tensor]);
    };
    expect(await countLeaks(run)).toBe(0);
  });
});
