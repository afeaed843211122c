import { at } from "#shared/at.ts";
import { softmax } from "#shared/space/cells/softmax.ts";
import type { TrellisCell, WidthPathSearch } from "#shared/space/spaces/widths/viterbi.ts";

/**
 * Chooses the width level of every place: the one that weighs most, each place by itself, for any level fits the stream that
 * it adds to. `beta` is `[places, levels]` logits, already checked. Ties go to the narrower level.
 */
export function chooseLevels(beta: readonly (readonly number[])[]): WidthPathSearch {
  const path: number[] = [];
  const trellis: TrellisCell[][] = [];
  let before = { level: 0, product: 1 };
  for (const row of beta) {
    const { level: from, product } = before;
    const levels = softmax(row).map((weight, level): TrellisCell => ({ level, product: product * weight, from, moveWeight: weight })); // prettier-ignore
    const best = levels.reduce((strongest, other) => (other.product > strongest.product ? other : strongest), at(levels, 0, "width levels")); // prettier-ignore
    trellis.push(levels);
    path.push(best.level);
    before = best;
  }
  return { path, trellis };
}
