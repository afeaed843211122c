/**
 * Computes the expected best of `draws` entries of a table that are drawn at random without repetition: the mean over the
 * sorted scores weighed by the chance that each is the best of the draw. Throws RangeError unless 1 <= draws <= entries.
 */
export function expectBestOfDraws(scores: readonly number[], draws: number): number {
  const { length } = scores;
  if (!(draws >= 1 && draws <= length)) {
    throw new RangeError(`expectBestOfDraws: draws must be 1 to ${length}, got ${draws}`);
  }
  const sorted = scores.toSorted((a, b) => b - a);
  // Chance that the best so far in rank is drawn and none above it: C(length - 1 - rank, draws - 1) / C(length, draws).
  let chance = draws / length;
  let expected = 0;
  for (const [rank, score] of sorted.entries()) {
    expected += chance * score;
    const below = length - 1 - rank;
    if (below < draws) break;
    chance *= (below - draws + 1) / below;
  }
  return expected;
}

/** The best so far after each score. */
export function bestSoFar(scores: readonly number[]): number[] {
  let best = -Infinity;
  return scores.map((score) => (best = Math.max(best, score)));
}
