import { at } from "#shared/at.ts";

/** Computes the mean. Throws for an empty list. */
export function meanOf(values: readonly number[]): number {
  if (values.length === 0) throw new RangeError("mean: must be of at least one number, got none");
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Computes the standard deviation of a sample (divided by n - 1); 0 for a single number. Throws for an empty list. */
export function deviationOf(values: readonly number[]): number {
  const mean = meanOf(values);
  if (values.length === 1) return 0;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1));
}

/** A mean and the interval that holds the true one in 95 of 100 repetitions. */
export interface MeanBand {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

/** Computes the mean with its 95 % band by Student's distribution; the band of one number is that number. Throws for an empty list. */
export function meanBandOf(values: readonly number[]): MeanBand {
  const mean = meanOf(values);
  const half =
    values.length === 1 ? 0 : (studentQuantile(values.length - 1) * deviationOf(values)) / Math.sqrt(values.length);
  return { mean, low: mean - half, high: mean + half };
}

/** The 97.5 % point of the normal distribution. */
const NORMAL = 1.959963984540054;
/** The 97.5 % points of Student's distribution where the series below is not good enough. */
const FEW = [12.7062, 4.30265, 3.18245, 2.77645];

/** The 97.5 % point of Student's distribution by the Cornish-Fisher series, to better than 1e-3. */
function studentQuantile(freedom: number): number {
  if (freedom <= FEW.length) return at(FEW, freedom - 1, "points of Student's distribution");
  const z = NORMAL;
  const terms = [
    (z ** 3 + z) / 4,
    (5 * z ** 5 + 16 * z ** 3 + 3 * z) / 96,
    (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / 384,
  ];
  return terms.reduce((sum, term, index) => sum + term / freedom ** (index + 1), z);
}
