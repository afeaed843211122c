import type { Tensor1D } from "@tensorflow/tfjs-core";

import { convolve } from "#main/compute/layers/convolution.ts";
import type { Tape, Value } from "#main/compute/layers/tape.ts";
import { weightedNormSum } from "#main/compute/layers/weightedNormSum.ts";

/** One way into a width level: the output of a cell one layer earlier, the 1x1 filter that fits it, and its move weight. */
export interface Route {
  readonly source: Value;
  readonly filter: Value;
  readonly moveWeight: Value<Tensor1D>;
}

/** Mixes what reaches a width level: sum of move weight * norm(conv 1x1) over the routes, `[B, H, W, C]` (notes 1.3). */
export function mixRoutes(tape: Tape, routes: readonly Route[]): Value {
  const terms = routes.map(({ source, filter, moveWeight }) => ({
    x: convolve(tape, source, filter),
    weight: moveWeight,
  }));
  return weightedNormSum(tape, terms, []);
}
