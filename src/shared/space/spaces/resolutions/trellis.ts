import { softmax } from "#shared/space/cells/softmax.ts";
import { findWidthPath, type WidthPathSearch } from "#shared/space/spaces/widths/viterbi.ts";

/** How many layers and levels there are, and how arrows are weighed. */
export interface ResolutionTrellis {
  readonly layers: number;
  readonly levels: number;
  /**
   * Whether places with two arrows, at the finest and the coarsest level, count two thirds: else a path along the edge, where less
   * competes, beats one through the middle untrained (science notes 1.3; Auto-DeepLab's community code).
   */
  readonly scaleTwoArrows: boolean;
}

/**
 * Finds the path with the largest product of arrow weights by Viterbi, from the stem at level 0. `beta` has a row of logits for
 * each layer and level that is left for it, in that order, with columns finer, same, coarser; arrows off the trellis have -50. The
 * trellis is that of width levels, with strides in place of widths, and ties go to the finer level.
 */
export function findResolutionPath(
  beta: readonly (readonly number[])[],
  { layers, levels, scaleTwoArrows }: ResolutionTrellis,
): WidthPathSearch {
  return findWidthPath(beta, layers, levels, (logits, level) => {
    const weights = softmax(logits);
    return scaleTwoArrows && arrowCount(level, levels) === 2 ? weights.map((weight) => (weight * 2) / 3) : weights;
  });
}

/** Counts the arrows that leave a place: to the finer level, to its own and to the coarser one, as far as there are any. */
function arrowCount(level: number, levels: number): number {
  return 1 + (level > 0 ? 1 : 0) + (level + 1 < levels ? 1 : 0);
}
