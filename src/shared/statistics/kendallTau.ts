import { at } from "#shared/at.ts";

/**
 * Computes Kendall's tau-b of two lists, -1 to 1: how far they agree on which of two entries is the better one, with ties told
 * apart; null where one list is constant, for then nothing is ordered. Throws RangeError for lists of different lengths.
 */
export function kendallTau(first: readonly number[], second: readonly number[]): number | null {
  if (first.length !== second.length) {
    throw new RangeError(`kendallTau: lists must have one length, got ${first.length} and ${second.length}`);
  }
  let [agreeing, untiedFirst, untiedSecond] = [0, 0, 0];
  for (let i = 0; i < first.length; i++) {
    for (let j = 0; j < i; j++) {
      const a = Math.sign(at(first, i, "first") - at(first, j, "first"));
      const b = Math.sign(at(second, i, "second") - at(second, j, "second"));
      agreeing += a * b;
      untiedFirst += Math.abs(a);
      untiedSecond += Math.abs(b);
    }
  }
  return untiedFirst === 0 || untiedSecond === 0 ? null : agreeing / Math.sqrt(untiedFirst * untiedSecond);
}
