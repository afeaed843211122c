/** A run keeps this many sample pictures, some three megabytes, however often it validates. */
const MOST_SAMPLES = 60;

/**
 * Picks the sample picture to drop where there are more than a run keeps, or null. It is the one whose neighbours lie
 * closest together, so that those that stay remain spread over the run; the first and the newest always stay. `steps` rise.
 */
export function findCrowdedSample(steps: readonly number[]): number | null {
  if (steps.length <= MOST_SAMPLES) return null;
  let crowded: number | null = null;
  let smallestGap = Infinity;
  for (const [index, step] of steps.entries()) {
    const gap = (steps[index + 1] ?? Infinity) - (steps[index - 1] ?? -Infinity);
    if (gap < smallestGap) [crowded, smallestGap] = [step, gap];
  }
  return crowded;
}
