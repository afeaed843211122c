import * as tf from "@tensorflow/tfjs-core";
import type { Tensor1D } from "@tensorflow/tfjs-core";

import { slotOf } from "./optimiser.ts";
import type { Optimiser, ParameterRules } from "./optimiser.ts";

export interface AdamSettings {
  readonly beta1: number;
  readonly beta2: number;
  readonly weightDecay: number;
}

const EPSILON = 1e-8;
const SLOTS = ["first_moment", "second_moment"] as const;

/** Adam (Kingma and Ba 2015) as in PyTorch: weight decay is part of the gradient, moments are corrected for their start. */
export class Adam implements Optimiser {
  readonly #settings: AdamSettings;
  readonly #rules: ParameterRules;
  #first: Tensor1D;
  #second: Tensor1D;

  constructor(settings: AdamSettings, rules: ParameterRules) {
    this.#settings = settings;
    this.#rules = rules;
    this.#first = tf.zerosLike(rules.decayMask);
    this.#second = tf.zerosLike(rules.decayMask);
  }

  update(parameters: Tensor1D, gradient: Tensor1D, learningRate: number, step: number): Tensor1D {
    const { beta1, beta2, weightDecay } = this.#settings;
    const firstCorrection = 1 - beta1 ** (step + 1);
    const secondCorrection = 1 - beta2 ** (step + 1);
    const [first, second, updated] = tf.tidy(() => {
      const slope = tf.add(gradient, tf.mul(parameters, tf.mul(this.#rules.decayMask, weightDecay)));
      const nextFirst = tf.add(tf.mul(this.#first, beta1), tf.mul(slope, 1 - beta1));
      const nextSecond = tf.add(tf.mul(this.#second, beta2), tf.mul(tf.square(slope), 1 - beta2));
      const scale = tf.add(tf.sqrt(tf.div(nextSecond, secondCorrection)), EPSILON);
      const change = tf.mul(
        tf.div(tf.div(nextFirst, firstCorrection), scale),
        tf.mul(this.#rules.rateFactor, learningRate),
      );
      return [nextFirst, nextSecond, tf.sub(parameters, change)];
    }) as [Tensor1D, Tensor1D, Tensor1D];
    tf.dispose([this.#first, this.#second]);
    this.#first = first;
    this.#second = second;
    return updated;
  }

  slots(): ReadonlyMap<string, Tensor1D> {
    return new Map([
      [SLOTS[0], this.#first],
      [SLOTS[1], this.#second],
    ]);
  }

  restore(slots: ReadonlyMap<string, Tensor1D>): void {
    const [first, second] = [slotOf(slots, SLOTS[0]), slotOf(slots, SLOTS[1])];
    this.dispose();
    this.#first = first;
    this.#second = second;
  }

  dispose(): void {
    tf.dispose([this.#first, this.#second]);
  }
}
