import * as tf from "@tensorflow/tfjs-core";
import type { Tensor1D, Tensor4D } from "@tensorflow/tfjs-core";

import type { Shape4D } from "./kernels.ts";

/** Small tensors that ops read, made once each and kept. */
export class KeptTensors {
  readonly #shapes = new Map<string, Tensor1D>();
  readonly #copySums = new Map<string, Tensor4D>();

  /** A shape as a tensor: shapes are op inputs in TensorFlow. */
  shape(shape: Shape4D): Tensor1D {
    return getOrMake(this.#shapes, shape.join("x"), () => tf.tensor1d([...shape], "int32"));
  }

  /** A pointwise filter `[1, 1, C * M, C]` that sums the M neighbouring copies of each channel. */
  copySum(channels: number, multiplier: number): Tensor4D {
    return getOrMake(this.#copySums, `${channels}x${multiplier}`, () =>
      tf.tidy(() => {
        const repeated = tf.tile(tf.reshape(tf.eye(channels), [channels, 1, channels]), [1, multiplier, 1]);
        return tf.reshape<tf.Rank.R4>(repeated, [1, 1, channels * multiplier, channels]);
      }),
    );
  }
}

function getOrMake<T extends tf.Tensor>(made: Map<string, T>, key: string, make: () => T): T {
  const known = made.get(key);
  if (known !== undefined) return known;
  const kept = tf.keep(make());
  made.set(key, kept);
  return kept;
}
