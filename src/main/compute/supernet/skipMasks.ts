import * as tf from "@tensorflow/tfjs-core";
import type { Tensor1D, Tensor4D } from "@tensorflow/tfjs-core";

import { outerSpaceOf } from "#shared/space/spaces/outerSpaces.ts";
import type { SearchSpace } from "#shared/space/spaces/searchSpace.ts";

import type { Tape, Value } from "#main/compute/layers/tape.ts";

/** Counts the outputs of `skip_connect` in one pass of one picture through a supernet: one for each edge of each cell. */
export function countSkips(space: SearchSpace): number {
  const states = outerSpaceOf(space)
    .cells(space)
    .flatMap((cell) => cell.states);
  return states.reduce((sum, { edges }) => sum + edges.length, 0);
}

/** What the outputs of `skip_connect` are multiplied by in one pass through a supernet: a number for each picture and edge (P-DARTS). */
export class SkipMasks {
  readonly #factors: Tensor1D;
  readonly #masks: Tensor4D[] = [];
  #read = 0;

  /** `factors` are `[pictures * countSkips]`, read state by state, picture by picture and edge by edge, and stay the caller's. */
  constructor(factors: Tensor1D) {
    this.#factors = factors;
  }

  /** The factors of all edges of one state, each repeated over its channels: `[B, 1, 1, edges * channels]`. */
  next(tape: Tape, batch: number, edges: number, channels: number): Value {
    const mask = tf.tidy(() => {
      const own = tf.reshape(tf.slice(this.#factors, [this.#read], [batch * edges]), [batch * edges, 1]);
      return tf.reshape<tf.Rank.R4>(tf.tile(own, [1, channels]), [batch, 1, 1, edges * channels]);
    });
    this.#read += batch * edges;
    this.#masks.push(mask);
    return tape.leaf(mask, false);
  }

  /** Frees the masks. */
  close(): void {
    tf.dispose(this.#masks);
  }
}
