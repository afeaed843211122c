import * as tf from "@tensorflow/tfjs-core";
import type { Scalar, Tensor4D } from "@tensorflow/tfjs-core";

import { assertNever } from "#shared/assertNever.ts";
import { computeGaussianWindow } from "#shared/image/gaussianWindow.ts";
import type { PixelLoss } from "#shared/runs/config.ts";

import type { TrainingKernels } from "#main/compute/kernels/kernels.ts";
import type { Tape, Value } from "#main/compute/layers/tape.ts";

const RADIUS = 5;
const SIGMA_PX = 1.5;
const C1 = 0.01 ** 2;
const C2 = 0.03 ** 2;

/** The Charbonnier loss is rounded within about this error: the usual figure (Lai et al., LapSRN, CVPR 2017). */
const CHARBONNIER_EPSILON = 1e-3;

/**
 * The published code averages the loss's two terms where the papers add them (science notes 1.6). Steps are taken on the
 * average, so that published learning rates mean what they meant; without it the published search diverges.
 */
export const PUBLISHED_LOSS_SCALE = 0.5;

/**
 * The pixel loss plus `ssimWeight * log10(1 / SSIM)` of predictions against clean pictures, both `[B, H, W, C]` around
 * 0..1: a scalar (science notes 1.6, where the pixel loss is the mean squared error). SSIM: 11x11 Gaussian window of sigma
 * 1.5 px, zero padding, mean over batch and pixels before the logarithm; none is computed at weight 0.
 */
export function denoisingLoss(
  tape: Tape,
  predicted: Value,
  clean: Tensor4D,
  ssimWeight: number,
  pixelLoss: PixelLoss = "mse",
): Value<Scalar> {
  const { kernels } = tape;
  const x = predicted.tensor;
  const [loss, gradient] = tf.tidy<[Scalar, Tensor4D]>(() => {
    const [pixels, errorGradient] = meanPixelLoss(tf.sub<Tensor4D>(x, clean), pixelLoss);
    if (ssimWeight === 0) {
      return [pixels, errorGradient];
    }
    const { ssim, gradient: ssimGradient } = meanSsim(kernels, x, clean);
    const total = tf.sub<Scalar>(pixels, tf.mul(tf.log(ssim), ssimWeight / Math.LN10));
    const slope = tf.div(-ssimWeight / Math.LN10, ssim);
    return [total, tf.add<Tensor4D>(errorGradient, tf.mul(ssimGradient, slope))];
  });
  return tape.recordOne(loss, [predicted], [gradient], (seed) => [tf.mul<Tensor4D>(gradient, seed)]);
}

/** Computes the mean over all pixels of what an error `d` counts, and its gradient: d^2, |d|, or sqrt(d^2 + epsilon^2). */
function meanPixelLoss(error: Tensor4D, kind: PixelLoss): [Scalar, Tensor4D] {
  const { size } = error;
  switch (kind) {
    case "mse":
      return [tf.mean<Scalar>(tf.square(error)), tf.mul<Tensor4D>(error, 2 / size)];
    case "l1":
      return [tf.mean<Scalar>(tf.abs(error)), tf.mul<Tensor4D>(tf.sign(error), 1 / size)];
    case "charbonnier": {
      const rounded = tf.sqrt(tf.add(tf.square(error), CHARBONNIER_EPSILON ** 2));
      return [tf.mean<Scalar>(rounded), tf.mul<Tensor4D>(tf.div(error, rounded), 1 / size)];
    }
    default:
      return assertNever(kind);
  }
}

/** Computes the mean of the SSIM map and its gradient with respect to `x`, in closed form. Call inside a tidy. */
function meanSsim(kernels: TrainingKernels, x: Tensor4D, y: Tensor4D): { ssim: Scalar; gradient: Tensor4D } {
  const maps = [x, y, tf.square(x), tf.square(y), tf.mul<Tensor4D>(x, y)];
  const [meanX, meanY, meanXx, meanYy, meanXy] = smooth(kernels, maps) as [
    Tensor4D,
    Tensor4D,
    Tensor4D,
    Tensor4D,
    Tensor4D,
  ];
  const product = tf.mul(meanX, meanY);
  const luminance = tf.add(tf.mul(product, 2), C1);
  const structure = tf.add(tf.mul(tf.sub(meanXy, product), 2), C2);
  const brightness = tf.add(tf.add(tf.square(meanX), tf.square(meanY)), C1);
  const contrast = tf.add(tf.sub(tf.add(meanXx, meanYy), tf.add(tf.square(meanX), tf.square(meanY))), C2);
  const denominator = tf.mul(brightness, contrast);
  const map = tf.div<Tensor4D>(tf.mul(luminance, structure), denominator);
  const byMean = tf.add<Tensor4D>(
    tf.div(tf.mul(tf.mul(meanY, 2), tf.sub(structure, luminance)), denominator),
    tf.mul(tf.mul(map, tf.mul(meanX, 2)), tf.sub(tf.reciprocal(contrast), tf.reciprocal(brightness))),
  );
  const bySquare = tf.neg<Tensor4D>(tf.div(map, contrast));
  const byProduct = tf.mul<Tensor4D>(tf.div(luminance, denominator), 2);
  const [a, b, c] = smooth(kernels, [byMean, bySquare, byProduct]) as [Tensor4D, Tensor4D, Tensor4D];
  const gradient = tf.add(a, tf.add(tf.mul(tf.mul(x, 2), b), tf.mul(y, c)));
  return { ssim: tf.mean<Scalar>(map), gradient: tf.div<Tensor4D>(gradient, x.size) };
}

/** Filters pictures `[B, H, W, C]` of one shape with the Gaussian window, which is its own adjoint. */
function smooth(kernels: TrainingKernels, maps: readonly Tensor4D[]): Tensor4D[] {
  const window = [...computeGaussianWindow(RADIUS, SIGMA_PX)];
  const side = window.length;
  const stacked = kernels.concatChannels(maps);
  const channels = stacked.shape[3];
  const line = tf.tensor1d(window.flatMap((weight) => new Array<number>(channels).fill(weight)));
  const down = kernels.depthwise(stacked, tf.reshape(line, [side, 1, channels, 1]), 1);
  const both = kernels.depthwise(down, tf.reshape(line, [1, side, channels, 1]), 1);
  return kernels.splitChannels(both, maps.length);
}
