import { at } from "#shared/at.ts";
import type { Primitive } from "#shared/space/cells/primitives.ts";
import { DROPPED_LOGIT } from "#shared/space/cells/opWeights.ts";

/** A third of the epochs is a third, whatever floating-point numbers make of it. */
const ROUNDING = 1e-9;

/**
 * How many primitives an edge keeps once `share` (0..1) of the epochs behind the warm-up are over (P-DARTS); null before the first is dropped.
 * `dropTo` parts those epochs into equal stages, one more than it has entries, and each entry counts from the end of a stage on.
 */
export function keptPrimitives(dropTo: readonly number[], share: number): number | null {
  if (dropTo.length === 0) return null;
  const stagesOver = Math.min(dropTo.length, Math.floor(share * (dropTo.length + 1) + ROUNDING));
  return stagesOver === 0 ? null : at(dropTo, stagesOver - 1, "stages");
}

/**
 * Lists which primitives of an edge are dropped so that at most `kept` are left: those with the lowest logits, of equal ones the last in
 * the list. One besides `none` always stays.
 */
export function weakestPrimitives(primitives: readonly Primitive[], logits: readonly number[], kept: number): number[] {
  const left = logits
    .map((logit, index) => ({ logit, index, isNone: primitives[index] === "none" }))
    .filter(({ logit }) => logit !== DROPPED_LOGIT)
    .toSorted((a, b) => b.logit - a.logit);
  const stays = left.find(({ isNone }) => !isNone);
  const ordered = stays === undefined ? left : [stays, ...left.filter((each) => each !== stays)];
  return ordered.slice(kept).map(({ index }) => index);
}
