import * as tf from "@tensorflow/tfjs-core";
import type { Tensor, Tensor1D, Tensor4D } from "@tensorflow/tfjs-core";

import type { Tape, Value } from "./tape.ts";
import type { WeightedTerm } from "./weightedNormSum.ts";

/** Sum of `weight * x` over the terms, `[B, H, W, C]`; a weight is `[C]`. */
export function weightedSum(tape: Tape, terms: readonly WeightedTerm[]): Value {
  const parts = terms.map(({ x, weight }) => tf.mul<Tensor4D>(x.tensor, weight.tensor));
  const total = tape.kernels.addN(parts);
  tf.dispose(parts);
  const inputs = terms.flatMap(({ x, weight }) => [x, weight as Value<Tensor>]);
  return tape.recordOne(total, inputs, [], (gradient) =>
    terms.flatMap(({ x, weight }): (Tensor | null)[] => [
      x.needsGradient ? tf.mul(gradient, weight.tensor) : null,
      weight.needsGradient ? tf.tidy(() => tf.sum<Tensor1D>(tf.mul(gradient, x.tensor), [0, 1, 2])) : null,
    ]),
  );
}
