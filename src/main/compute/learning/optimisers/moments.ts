import * as tf from "@tensorflow/tfjs-core";
import type { Tensor1D } from "@tensorflow/tfjs-core";

import { slotOf } from "./optimiser.ts";

const SLOTS = ["first_moment", "second_moment"] as const;

/** The running mean of the gradient and of its square, both `[N]`, which Adam and Muon keep from step to step. */
export class Moments {
  #first: Tensor1D;
  #second: Tensor1D;

  constructor(like: Tensor1D) {
    this.#first = tf.zerosLike(like);
    this.#second = tf.zerosLike(like);
  }

  get first(): Tensor1D {
    return this.#first;
  }

  get second(): Tensor1D {
    return this.#second;
  }

  /** Takes the next moments over and disposes the last. */
  replace(first: Tensor1D, second: Tensor1D): void {
    this.dispose();
    this.#first = first;
    this.#second = second;
  }

  slots(): ReadonlyMap<string, Tensor1D> {
    return new Map([
      [SLOTS[0], this.#first],
      [SLOTS[1], this.#second],
    ]);
  }

  restore(slots: ReadonlyMap<string, Tensor1D>): void {
    this.replace(slotOf(slots, SLOTS[0]), slotOf(slots, SLOTS[1]));
  }

  dispose(): void {
    tf.dispose([this.#first, this.#second]);
  }
}
