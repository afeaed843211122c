import { at } from "#shared/at.ts";
import * as tf from "@tensorflow/tfjs-core";
import type { Tensor, Tensor1D, Tensor4D } from "@tensorflow/tfjs-core";

import type { TrainingKernels } from "#main/compute/kernels/kernels.ts";

import type { Tape, Value } from "./tape.ts";

/** One summand: a convolution's output `[B, H, W, C]` and the weight of each of its channels, `[C]`. */
export interface WeightedTerm {
  readonly x: Value;
  readonly weight: Value<Tensor1D>;
}

/**
 * Sum of `weight * norm(x)` over the terms, plus the plain values: `[B, H, W, C]`.
 *
 * A weight times a batch norm without affine parameters is a batch norm whose scale is that weight, so the weighted sum
 * costs nothing and the weight's gradient is the scale's. The normalised tensors are not remembered.
 */
export function weightedNormSum(tape: Tape, terms: readonly WeightedTerm[], plain: readonly Value[]): Value {
  const { kernels } = tape;
  const results = terms.map((term) => scaleByWeight(kernels, term));
  const total = kernels.addN([...results.map((result) => result.y), ...plain.map((value) => value.tensor)]);
  tf.dispose(results.map((result) => result.y));
  const inputs = [...terms.flatMap(({ x, weight }) => [x, weight as Value<Tensor>]), ...plain];
  const saved = results.flatMap((result) => result.saved);
  return tape.recordOne(total, inputs, saved, (gradient) => [
    ...terms.flatMap((term, index) =>
      weighGradient(kernels, term, gradient as Tensor4D, at(results, index, "norms of a sum").saved),
    ),
    ...plain.map((value) => (value.needsGradient ? tf.clone(gradient) : null)),
  ]);
}

function scaleByWeight(
  kernels: TrainingKernels,
  { x, weight }: WeightedTerm,
): { y: Tensor4D; saved: readonly Tensor[] } {
  const shift = tf.tensor1d(new Float32Array(weight.tensor.size));
  const { y, mean, variance, saved } = kernels.batchNorm(x.tensor, weight.tensor, shift);
  tf.dispose([mean, variance, shift]);
  return { y, saved };
}

function weighGradient(
  kernels: TrainingKernels,
  { x, weight }: WeightedTerm,
  gradient: Tensor4D,
  saved: readonly Tensor[],
): [Tensor4D, Tensor1D] {
  const { dx, dGamma, dBeta } = kernels.batchNormGradient(gradient, x.tensor, weight.tensor, saved);
  dBeta.dispose();
  return [dx, dGamma];
}
