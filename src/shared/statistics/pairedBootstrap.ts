import { at } from "#shared/at.ts";
import type { Random } from "#shared/random/random.ts";

import { meanOf } from "./summary.ts";

/** How much one method is better than another on the same seeds. */
export interface PairedComparison {
  /** Mean of first minus second. */
  readonly difference: number;
  /** The 95 % interval of the mean difference by percentiles of the resampled means. */
  readonly low: number;
  readonly high: number;
  /** Share of the resampled means that do not favour the first: small where it is better beyond chance. */
  readonly chance: number;
}

/** Resamplings: enough that the ends of the interval move by less than a hundredth of its width. */
const RESAMPLES = 10_000;

/**
 * Compares two lists that belong together pair by pair by resampling the pairs' differences. Throws RangeError for lists of
 * different lengths or without entries.
 */
export function comparePaired(first: readonly number[], second: readonly number[], random: Random): PairedComparison {
  if (first.length !== second.length || first.length === 0) {
    const got = `${first.length} and ${second.length}`;
    throw new RangeError(`comparePaired: both lists must have the same length above 0, got ${got}`);
  }
  const differences = first.map((value, index) => value - at(second, index, "comparePaired: second"));
  const means = Array.from({ length: RESAMPLES }, () => resampledMean(differences, random)).toSorted((a, b) => a - b);
  return {
    difference: meanOf(differences),
    low: at(means, Math.floor(0.025 * RESAMPLES), "means"),
    high: at(means, Math.ceil(0.975 * RESAMPLES) - 1, "means"),
    chance: means.filter((mean) => mean <= 0).length / RESAMPLES,
  };
}

function resampledMean(values: readonly number[], random: Random): number {
  let sum = 0;
  for (let count = 0; count < values.length; count++) sum += at(values, random.integer(values.length), "values");
  return sum / values.length;
}
