import { softmax } from "./softmax.ts";

/** How a row of alpha becomes op weights: primitives that compete for a sum of 1, or each between 0 and 1 by itself (Fair-DARTS). */
export const OP_WEIGHT_KINDS = ["softmax", "sigmoid"] as const;
export type OpWeightKind = (typeof OP_WEIGHT_KINDS)[number];

/** Logit of a primitive that a search has dropped: it weighs nothing, and does not come back. */
export const DROPPED_LOGIT = -50;

/** Returns the op weights of one edge, 0..1, from its logits; those of dropped primitives are 0. */
export function toOpWeights(kind: OpWeightKind, logits: readonly number[]): number[] {
  const weigh = (row: readonly number[]): number[] => (kind === "softmax" ? softmax(row) : row.map(sigmoid));
  if (!logits.includes(DROPPED_LOGIT)) return weigh(logits);
  const left = weigh(logits.filter((logit) => logit !== DROPPED_LOGIT)).values();
  // There are as many weights as logits that were not dropped.
  return logits.map((logit) => (logit === DROPPED_LOGIT ? 0 : (left.next().value ?? 0)));
}

/** Returns what every primitive of an edge weighs in a search that has learned nothing, 0..1. */
export function untrainedOpWeight(kind: OpWeightKind, primitives: number): number {
  return kind === "softmax" ? 1 / primitives : sigmoid(0);
}

function sigmoid(logit: number): number {
  return 1 / (1 + Math.exp(-logit));
}
