import * as tf from "@tensorflow/tfjs-core";
import type { Tensor1D, Tensor4D } from "@tensorflow/tfjs-core";

import { createRandom } from "#shared/random/createRandom.ts";
import type { SearchSpace } from "#shared/space/spaces/searchSpace.ts";

import { paddedChannels } from "#main/compute/layers/channelPadding.ts";
import type { Tape, Value } from "#main/compute/layers/tape.ts";

/** Numbers that are drawn for a pass; the noise of a cell is read from them in a circle. */
const NUMBERS = 2 ** 17;

/** How far apart in the circle the noise of one place begins from that of the next: a prime, so that no two begin alike. */
const APART = 40_009;

/** Whether a space has the `noise` primitive among its candidates. */
export function hasNoise({ primitives }: Pick<SearchSpace, "primitives">): boolean {
  return primitives.includes("noise");
}

/** Draws the standard normal numbers `[N]` that the `noise` primitives of one pass read: the same for a seed and a step (or another name). */
export function drawNoiseNumbers(seed: number, step: number | string): Float32Array<ArrayBuffer> {
  const random = createRandom(seed, "noise primitive", step);
  return Float32Array.from({ length: NUMBERS }, () => random.gaussian());
}

/** The outputs of `noise` primitives in one pass through a supernet: Gaussian noise instead of the state (R-DARTS). */
export class NoiseFields {
  readonly #numbers: Tensor1D;
  readonly #fields: Tensor4D[] = [];

  /** `numbers` are as `drawNoiseNumbers` gives them, and stay the caller's. */
  constructor(numbers: Tensor1D) {
    this.#numbers = numbers;
  }

  /** Noise for all edges of one state, `[B, H, W, edges * C]`; channels that fill up are zero, as everywhere. */
  next(tape: Tape, [batch, height, width]: Tensor4D["shape"], edges: number, channels: number): Value {
    const stored = paddedChannels(channels);
    const count = batch * height * width * edges * stored;
    const from = (this.#fields.length * APART) % NUMBERS;
    const field = tf.tidy(() => {
      const circle = tf.tile(this.#numbers, [Math.ceil((from + count) / NUMBERS)]);
      const noise = tf.reshape(tf.slice(circle, [from], [count]), [batch * height * width * edges, stored]);
      const counts = Float32Array.from({ length: stored }, (_, channel) => (channel < channels ? 1 : 0));
      return tf.reshape<tf.Rank.R4>(tf.mul(noise, tf.tensor1d(counts)), [batch, height, width, edges * stored]);
    });
    this.#fields.push(field);
    return tape.leaf(field, false);
  }

  /** Frees the noise. */
  close(): void {
    tf.dispose(this.#fields);
  }
}
