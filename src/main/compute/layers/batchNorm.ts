import * as tf from "@tensorflow/tfjs-core";
import type { Tensor, Tensor1D, Tensor4D } from "@tensorflow/tfjs-core";

import { BATCH_NORM_EPSILON } from "#main/compute/kernels/kernels.ts";

import type { Tape, Value } from "./tape.ts";

/** Scale and shift of a batch norm, `[C]` each. */
export interface Affine {
  readonly gamma: Value<Tensor1D>;
  readonly beta: Value<Tensor1D>;
}

/** Receives a batch's mean and (Bessel-corrected) variance, `[C]` each, and disposes them. */
export type StatisticsSink = (mean: Tensor1D, variance: Tensor1D) => void;

export interface BatchNormOptions {
  /** Null normalises without scale and shift. */
  readonly affine?: Affine | null;
  /** Follow with the leaky ReLU; the normalised tensor itself is then not remembered. */
  readonly activate?: boolean;
  readonly onStatistics?: StatisticsSink;
}

/** Normalises `[B, H, W, C]` with the statistics of this batch. */
export function batchNorm(tape: Tape, x: Value, options: BatchNormOptions = {}): Value {
  const { kernels } = tape;
  const affine = options.affine ?? plainAffine(tape, x.tensor.shape[3]);
  const { y, mean, variance, saved } = kernels.batchNorm(x.tensor, affine.gamma.tensor, affine.beta.tensor);
  handStatistics(options.onStatistics, mean, variance);
  const output = options.activate === true ? activate(tape, y) : y;
  const owned: Tensor[] = [...saved];
  if (options.affine == null) {
    owned.push(affine.gamma.tensor, affine.beta.tensor);
  }
  return tape.recordOne(output, [x, affine.gamma, affine.beta], owned, (gradient) => {
    const dy =
      options.activate === true ? kernels.leakyReluGradient(gradient as Tensor4D, output) : (gradient as Tensor4D);
    const { dx, dGamma, dBeta } = kernels.batchNormGradient(dy, x.tensor, affine.gamma.tensor, saved);
    if (dy !== gradient) {
      dy.dispose();
    }
    return [dx, dGamma, dBeta];
  });
}

/** Mean and variance, `[C]` each. */
export interface Statistics {
  readonly mean: Tensor1D;
  readonly variance: Tensor1D;
}

/**
 * Normalises `[B, H, W, C]` with given statistics as constants, as the network will in use: gradients reach the input, the
 * scale and the shift. The statistics stay the caller's.
 */
export function frozenNorm(
  tape: Tape,
  x: Value,
  { mean, variance }: Statistics,
  options: Omit<BatchNormOptions, "onStatistics"> = {},
): Value {
  const { kernels } = tape;
  const affine = options.affine ?? plainAffine(tape, x.tensor.shape[3]);
  const inverse = tf.tidy(() => tf.rsqrt(tf.add<Tensor1D>(variance, BATCH_NORM_EPSILON)));
  const scale = tf.mul<Tensor1D>(affine.gamma.tensor, inverse);
  const y = tf.tidy(() => {
    const shift = tf.sub<Tensor1D>(affine.beta.tensor, tf.mul(mean, scale));
    return kernels.addBias(tf.mul(x.tensor, scale), shift);
  });
  const output = options.activate === true ? activate(tape, y) : y;
  const owned: Tensor[] = [inverse, scale];
  if (options.affine == null) owned.push(affine.gamma.tensor, affine.beta.tensor);
  return tape.recordOne(output, [x, affine.gamma, affine.beta], owned, (gradient) =>
    tf.tidy(() => {
      const dy =
        options.activate === true ? kernels.leakyReluGradient(gradient as Tensor4D, output) : (gradient as Tensor4D);
      const along = tf.sum<Tensor1D>(tf.mul(dy, tf.sub(x.tensor, mean)), [0, 1, 2]);
      return [tf.mul<Tensor4D>(dy, scale), tf.mul<Tensor1D>(along, inverse), tf.sum<Tensor1D>(dy, [0, 1, 2])];
    }),
  );
}

function plainAffine(tape: Tape, channels: number): Affine {
  return { gamma: tape.leaf(tf.ones([channels]), false), beta: tape.leaf(tf.zeros([channels]), false) };
}

function handStatistics(sink: StatisticsSink | undefined, mean: Tensor1D, variance: Tensor1D): void {
  if (sink === undefined) {
    tf.dispose([mean, variance]);
  } else {
    sink(mean, variance);
  }
}

function activate(tape: Tape, y: Tensor4D): Tensor4D {
  const activated = tape.kernels.leakyRelu(y);
  y.dispose();
  return activated;
}
