import * as tf from "@tensorflow/tfjs-core";
import type { Tensor1D } from "@tensorflow/tfjs-core";

import type { NamedTensor } from "#main/compute/checkpoint/safetensors.ts";

/** Moves `from` towards `to` by a share, both `[N]`: a step of an exponential average. `from` is disposed. */
export function moveTowards(from: Tensor1D, to: Tensor1D, share: number): Tensor1D {
  const moved = tf.tidy(() => tf.add<Tensor1D>(from, tf.mul(tf.sub(to, from), share)));
  from.dispose();
  return moved;
}

/** Limits each number to plus or minus `limit`, if any; the argument is disposed where a new tensor is returned. */
export function clipByValue(gradient: Tensor1D, limit: number | null): Tensor1D {
  if (limit === null) {
    return gradient;
  }
  const clipped = tf.clipByValue(gradient, -limit, limit);
  gradient.dispose();
  return clipped;
}

/** Shortens a vector to the length `limit`, if any, where it is longer; the argument is disposed where a new tensor is returned. */
export function clipByNorm(gradient: Tensor1D, limit: number | null): Tensor1D {
  if (limit === null) {
    return gradient;
  }
  const clipped = tf.tidy(() => {
    const length = tf.sqrt(tf.sum(tf.square(gradient)));
    return tf.mul<Tensor1D>(gradient, tf.div(limit, tf.maximum(length, limit)));
  });
  gradient.dispose();
  return clipped;
}

/** Reads the numbers of a vector, a copy of their own; the tensor stays the caller's. */
export async function readVector(tensor: Tensor1D): Promise<Float32Array<ArrayBuffer>> {
  return Float32Array.from(await tensor.data<"float32">());
}

/** Makes a vector's numbers a tensor of a checkpoint. */
export function toNamedVector(data: Float32Array<ArrayBuffer>): NamedTensor {
  return { shape: [data.length], data };
}
