import * as tf from "@tensorflow/tfjs-core";
import type { Tensor1D, Tensor4D } from "@tensorflow/tfjs-core";

import type { Shape4D } from "#main/compute/kernels/kernels.ts";
import { createRandom } from "#shared/random/createRandom.ts";

/** Draws normal numbers that depend on the seed only. */
export function drawNumbers(length: number, seed: number, scale = 1): Float32Array<ArrayBuffer> {
  const random = createRandom(seed, "test numbers");
  return Float32Array.from({ length }, () => scale * random.gaussian());
}

/** Draws normal numbers as a vector. */
export function drawVector(length: number, seed: number, scale = 1): Tensor1D {
  return tf.tensor1d(drawNumbers(length, seed, scale));
}

/** Draws normal numbers as a picture or filter. */
export function drawTensor(shape: Shape4D, seed: number, scale = 1): Tensor4D {
  return tf.tensor4d(drawNumbers(sizeOf(shape), seed, scale), [...shape]);
}

/** Draws numbers of 0.5..1.5 with a random sign: small steps from there do not cross the kink of a leaky ReLU at 0. */
export function drawAwayFromZero(shape: Shape4D, seed: number): Tensor4D {
  const random = createRandom(seed, "test numbers away from zero");
  const data = Float32Array.from({ length: sizeOf(shape) }, () => {
    const size = 0.5 + random.uniform();
    return random.uniform() < 0.5 ? -size : size;
  });
  return tf.tensor4d(data, [...shape]);
}

function sizeOf([batch, height, width, channels]: Shape4D): number {
  return batch * height * width * channels;
}
