import * as tf from "@tensorflow/tfjs-core";
import type { Tensor1D } from "@tensorflow/tfjs-core";

import { Moments } from "./moments.ts";
import type { Optimiser, ParameterRules } from "./optimiser.ts";

export interface AdamSettings {
  /** `adamw` pulls the weights themselves towards zero, beside the step (Loshchilov and Hutter 2019). */
  readonly kind: "adam" | "adamw";
  readonly beta1: number;
  readonly beta2: number;
  readonly weightDecay: number;
}

const EPSILON = 1e-8;

/**
 * Adam (Kingma and Ba 2015) and AdamW as in PyTorch: moments are corrected for their start. Weight decay is part of the
 * gradient in Adam; in AdamW the weights shrink by learning rate times decay, whatever the gradients were.
 */
export class Adam implements Optimiser {
  readonly #settings: AdamSettings;
  readonly #rules: ParameterRules;
  readonly #moments: Moments;

  constructor(settings: AdamSettings, rules: ParameterRules) {
    this.#settings = settings;
    this.#rules = rules;
    this.#moments = new Moments(rules.decayMask);
  }

  update(parameters: Tensor1D, gradient: Tensor1D, learningRate: number, step: number): Tensor1D {
    const { kind, beta1, beta2, weightDecay } = this.#settings;
    const firstCorrection = 1 - beta1 ** (step + 1);
    const secondCorrection = 1 - beta2 ** (step + 1);
    const [first, second, updated] = tf.tidy(() => {
      const decay = tf.mul(parameters, tf.mul(this.#rules.decayMask, weightDecay));
      const slope = kind === "adam" ? tf.add(gradient, decay) : gradient;
      const nextFirst = tf.add(tf.mul(this.#moments.first, beta1), tf.mul(slope, 1 - beta1));
      const nextSecond = tf.add(tf.mul(this.#moments.second, beta2), tf.mul(tf.square(slope), 1 - beta2));
      const scale = tf.add(tf.sqrt(tf.div(nextSecond, secondCorrection)), EPSILON);
      const direction = tf.div(tf.div(nextFirst, firstCorrection), scale);
      const rates = tf.mul(this.#rules.rateFactor, learningRate);
      const change = tf.mul(kind === "adam" ? direction : tf.add(direction, decay), rates);
      return [nextFirst, nextSecond, tf.sub(parameters, change)];
    }) as [Tensor1D, Tensor1D, Tensor1D];
    this.#moments.replace(first, second);
    return updated;
  }

  slots(): ReadonlyMap<string, Tensor1D> {
    return this.#moments.slots();
  }

  restore(slots: ReadonlyMap<string, Tensor1D>): void {
    this.#moments.restore(slots);
  }

  dispose(): void {
    this.#moments.dispose();
  }
}
