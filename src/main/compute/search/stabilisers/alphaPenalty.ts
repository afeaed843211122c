import { at } from "#shared/at.ts";
import type { Stabilisers } from "#shared/runs/stabilisersSchema.ts";
import { toOpWeights } from "#shared/space/cells/opWeights.ts";
import { softmax } from "#shared/space/cells/softmax.ts";

import { sigmoidGradient } from "./sigmoidGradient.ts";

/** Where the zero-one loss is at its worst: an op that is neither in nor out. */
const UNDECIDED = 0.5;

/** The terms of alpha alone that an arch step adds to half the loss, weighed for a moment of the search. */
export interface AlphaPenalty {
  /** Of the mean of logsumexp over the edges (Beta-DARTS). */
  readonly betaDecay: number;
  /** Of the zero-one loss, minus the mean of (sigmoid - 1/2) squared (Fair-DARTS). */
  readonly zeroOne: number;
}

/** The terms once `share` (0..1) of the epochs behind the warm-up are over; null where there are none. */
export function alphaPenaltyAt({ betaDecay, opWeights }: Stabilisers, share: number): AlphaPenalty | null {
  const terms = {
    betaDecay: (betaDecay ?? 0) * share,
    zeroOne: opWeights.kind === "sigmoid" ? opWeights.zeroOneWeight : 0,
  };
  return terms.betaDecay === 0 && terms.zeroOne === 0 ? null : terms;
}

/** What the terms come to for rows of logits `[edges of all layers, primitives]`. */
export function alphaPenalty({ betaDecay, zeroOne }: AlphaPenalty, rows: readonly (readonly number[])[]): number {
  const decided = rows.map((row) =>
    mean(toOpWeights("sigmoid", row).map((weight) => (weight - UNDECIDED) * (weight - UNDECIDED))),
  );
  return betaDecay * mean(rows.map(logSumExp)) - zeroOne * mean(decided);
}

/** Their gradient with respect to the logits, row by row. */
export function alphaPenaltyGradient(
  { betaDecay, zeroOne }: AlphaPenalty,
  rows: readonly (readonly number[])[],
): number[] {
  return rows.flatMap((row) => {
    const weights = toOpWeights("sigmoid", row);
    const apart = sigmoidGradient(
      weights,
      weights.map((weight) => (-2 * (weight - UNDECIDED)) / row.length),
    );
    return softmax(row).map((weight, i) => (betaDecay * weight + zeroOne * at(apart, i, "logits")) / rows.length);
  });
}

function logSumExp(row: readonly number[]): number {
  const largest = Math.max(...row);
  return largest + Math.log(row.reduce((sum, logit) => sum + Math.exp(logit - largest), 0));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
