import * as tf from "@tensorflow/tfjs-core";
import type { Tensor, Tensor1D } from "@tensorflow/tfjs-core";

import { storedShape } from "#main/compute/layers/parameters.ts";
import { type ParameterSpec, sizeOfShape } from "#shared/space/graph/parameters.ts";

/** Batch statistics gathered during one training pass. */
export class StatisticsCollector {
  readonly #byName = new Map<string, Tensor1D>();

  /** Takes over the mean and variance of one norm. */
  add(norm: string, mean: Tensor1D, variance: Tensor1D): void {
    this.#byName.set(`${norm}.mean`, mean);
    this.#byName.set(`${norm}.variance`, variance);
  }

  /**
   * Joins what was gathered into one stored vector in the order of `specs`, `fallback`'s numbers where a norm did not run.
   * The caller disposes it; what was gathered is freed.
   */
  join(specs: readonly ParameterSpec[], fallback: Tensor1D): Tensor1D {
    if (specs.length === 0) return tf.clone(fallback); // A network without batch norms has none.
    const joined = tf.tidy(() => {
      const old = tf.split(
        fallback,
        specs.map((spec) => sizeOfShape(storedShape(spec))),
      );
      return tf.concat1d(specs.map(({ name }, index) => this.#byName.get(name) ?? (old[index] as Tensor1D)));
    });
    this.dispose();
    return joined;
  }

  dispose(): void {
    tf.dispose([...this.#byName.values()] as Tensor[]);
    this.#byName.clear();
  }
}
