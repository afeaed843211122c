import * as tf from "@tensorflow/tfjs-core";
import type { Tensor, Tensor1D } from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";

import { batchNorm, frozenNorm } from "#main/compute/layers/batchNorm.ts";
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

describe.each(await listKernels())("frozenNorm on $name", ({ kernels }) => {
  /** Statistics that leave the numbers of `drawAwayFromZero`, about -1 and 1, clear of zero once normalised. */
  const statistics = () => ({
    mean: tf.tensor1d([0.1, -0.2, 0, 0.05]),
    variance: tf.tensor1d([0.5, 1, 2, 0.25]),
  });
  const affineOf = (gamma: unknown, beta: unknown) => ({
    gamma: gamma as Value<Tensor1D>,
    beta: beta as Value<Tensor1D>,
  });

  it.each([false, true])("sends the right gradients of input, scale and shift, activated %s", (activate) => {
    const frozen = statistics();
    const inputs = [drawAwayFromZero(SHAPE, 1), ...affine()];
    const withAffine = checkGradient(kernels, inputs, (tape, [x, gamma, beta]) =>
      frozenNorm(tape, x as Value, frozen, { activate, affine: affineOf(gamma, beta) }),
    );
    const without = checkGradient(kernels, inputs.slice(0, 1), (tape, [x]) =>
      frozenNorm(tape, x as Value, frozen, { activate }),
    );
    expect(Math.max(withAffine, without)).toBeLessThan(TOLERANCE);
    tf.dispose([...inputs, frozen.mean, frozen.variance]);
  });

  it("normalises each channel by the numbers that it is given, whatever the batch's are", () => {
    const numbers = drawNumbers(2 * 5 * 7 * 4, 1);
    const { mean, variance } = statistics();
    const [gamma, beta] = affine();
    const y = tf.tidy(() => {
      const tape = new Tape(kernels, false);
      const x = tape.leaf(tf.tensor4d(numbers, [...SHAPE]), false);
      const leaves = affineOf(tape.leaf(gamma, false), tape.leaf(beta, false));
      return frozenNorm(tape, x, { mean, variance }, { affine: leaves }).tensor.dataSync();
    });
    const [means, variances, scales, shifts] = [mean, variance, gamma, beta].map((each) => [...each.dataSync()]);
    const expected = [...numbers].map((value, i) => {
      const c = i % 4;
      return ((value - means![c]!) / Math.sqrt(variances![c]! + 1e-5)) * scales![c]! + shifts![c]!;
    });
    expect(largestDifference(y, expected)).toBeLessThan(1e-5);
    tf.dispose([mean, variance, gamma, beta]);
  });

  it.each([false, true])("leaves no tensor behind, recording %s", async (isRecording) => {
    const run = (): void => {
      const tape = new Tape(kernels, isRecording);
      const frozen = statistics();
      const inputs = [drawAwayFromZero(SHAPE, 1), ...affine()] as const;
      const leaves = affineOf(tape.leaf(inputs[1], true), tape.leaf(inputs[2], true));
      const y = tape.scope(() => {
        const first = frozenNorm(tape, tape.leaf(inputs[0], true), frozen, { affine: leaves });
        return frozenNorm(tape, first, frozen, { activate: true });
      });
      if (isRecording) tape.backward(y, tf.onesLike(y.tensor));
      tape.dispose();
      tf.dispose([...inputs, y.tensor, frozen.mean, frozen.variance]);
    };
    expect(await countLeaks(run)).toBe(0);
  });
});
