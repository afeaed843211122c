import * as tf from "@tensorflow/tfjs-core";
import type { Tensor1D } from "@tensorflow/tfjs-core";

import { slotOf } from "./optimiser.ts";
import type { Optimiser, ParameterRules } from "./optimiser.ts";

export interface SgdSettings {
  readonly momentum: number;
  readonly weightDecay: number;
}

const SLOT = "momentum";

/**
 * Gradient descent with momentum as in PyTorch: v = momentum v + g + decay w, then w = w - rate v. Weight decay is part of
 * the gradient.
 */
export class Sgd implements Optimiser {
  readonly #settings: SgdSettings;
  readonly #rules: ParameterRules;
  #velocity: Tensor1D;

  constructor(settings: SgdSettings, rules: ParameterRules) {
    this.#settings = settings;
    this.#rules = rules;
    this.#velocity = tf.zerosLike(rules.decayMask);
  }

  update(parameters: Tensor1D, gradient: Tensor1D, learningRate: number): Tensor1D {
    const [velocity, updated] = this.#step(parameters, gradient, learningRate);
    this.#velocity.dispose();
    this.#velocity = velocity;
    return updated;
  }

  /** What `update` would return; nothing changes. */
  preview(parameters: Tensor1D, gradient: Tensor1D, learningRate: number): Tensor1D {
    const [velocity, updated] = this.#step(parameters, gradient, learningRate);
    velocity.dispose();
    return updated;
  }

  #step(parameters: Tensor1D, gradient: Tensor1D, learningRate: number): [Tensor1D, Tensor1D] {
    const { momentum, weightDecay } = this.#settings;
    return tf.tidy<[Tensor1D, Tensor1D]>(() => {
      const decay = tf.mul(parameters, tf.mul(this.#rules.decayMask, weightDecay));
      const next = tf.addN([tf.mul<Tensor1D>(this.#velocity, momentum), gradient, decay as Tensor1D]);
      return [next, tf.sub(parameters, tf.mul(next, tf.mul(this.#rules.rateFactor, learningRate)))];
    });
  }

  slots(): ReadonlyMap<string, Tensor1D> {
    return new Map([[SLOT, this.#velocity]]);
  }

  restore(slots: ReadonlyMap<string, Tensor1D>): void {
    const velocity = slotOf(slots, SLOT);
    this.#velocity.dispose();
    this.#velocity = velocity;
  }

  dispose(): void {
    this.#velocity.dispose();
  }
}
