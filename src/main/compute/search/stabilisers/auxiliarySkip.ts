import type { Stabilisers } from "#shared/runs/stabilisersSchema.ts";
import type { Primitive } from "#shared/space/cells/primitives.ts";

import type { ArchWeights } from "#main/compute/supernet/archLeaves.ts";

/** What the extra skip of every edge weighs once `share` (0..1) of the epochs behind the warm-up are over (DARTS-). */
export function auxiliarySkipWeight(setting: Stabilisers["auxiliarySkip"], share: number): number {
  if (setting.kind === "none") return 0;
  return setting.weight * (setting.kind === "linear" ? 1 - share : (1 + Math.cos(Math.PI * share)) / 2);
}

/**
 * The arch weights with an extra skip of weight `amount` on every edge: a second identity beside `skip_connect`, so their weights add
 * up. The gradient with respect to the op weights stays what it is, as the extra weight is a constant.
 */
export function withAuxiliarySkip(weights: ArchWeights, primitives: readonly Primitive[], amount: number): ArchWeights {
  if (amount === 0) return weights;
  const add = (weight: number, index: number): number =>
    primitives[index] === "skip_connect" ? weight + amount : weight;
  return { ...weights, op: weights.op.map((layer) => layer.map((edge) => edge.map(add))) };
}
