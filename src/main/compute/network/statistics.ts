import * as tf from "@tensorflow/tfjs-core";
import type { Tensor, Tensor1D } from "@tensorflow/tfjs-core";

import type { NormSpec } from "./structure.ts";

/** Returns the length of the statistics vector: mean and variance of every norm in turn. */
export function countStatistics(norms: readonly NormSpec[]): number {
  return norms.reduce((total, { channels }) => total + 2 * channels, 0);
}

/** Returns the statistics before any batch: mean 0 and variance 1 for every norm. */
export function initialStatistics(norms: readonly NormSpec[]): Float32Array<ArrayBuffer> {
  return Float32Array.from(
    norms.flatMap(({ channels }) => [...new Array<number>(channels).fill(0), ...new Array<number>(channels).fill(1)]),
  );
}

/** Batch statistics gathered during one training pass. */
export class StatisticsCollector {
  readonly #byNorm = new Map<string, readonly [Tensor1D, Tensor1D]>();

  /** Takes over the mean and variance `[C]` of one norm. */
  add(name: string, mean: Tensor1D, variance: Tensor1D): void {
    this.#byNorm.set(name, [mean, variance]);
  }

  /**
   * Joins what was gathered into one vector, `fallback`'s numbers where a norm did not run. The caller disposes it; what
   * was gathered is freed.
   */
  join(norms: readonly NormSpec[], fallback: Tensor1D): Tensor1D {
    const joined = tf.tidy(() => {
      const sizes = norms.map(({ channels }) => 2 * channels);
      const old = tf.split(fallback, sizes);
      return tf.concat1d(
        norms.flatMap(({ name }, index) => {
          const pair: readonly Tensor[] = this.#byNorm.get(name) ?? [old[index] as Tensor];
          return pair.map((tensor) => tf.reshape<tf.Rank.R1>(tensor, [-1]));
        }),
      );
    });
    this.dispose();
    return joined;
  }

  dispose(): void {
    tf.dispose([...this.#byNorm.values()].flat());
    this.#byNorm.clear();
  }
}
