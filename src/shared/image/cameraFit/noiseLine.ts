import { at } from "#shared/at.ts";

/** How much noise varies at one brightness; 0..255 scale, the variance on that scale squared. */
export interface NoiseLevel {
  readonly signal255: number;
  readonly variance255: number;
  /** Blocks of pixels that it was measured in. */
  readonly blocks: number;
}

/** `variance255 = slope * signal255 + constant255`; neither is negative. */
export interface NoiseLine {
  readonly slope: number;
  readonly constant255: number;
}

const TURNS = 20;
/** Beyond so many deviations a level counts less and less (Huber 1964, as usual). */
const HUBER = 1.345;
/** The median of absolute deviations times this is the standard deviation of a normal distribution. */
const MAD_TO_DEVIATION = 1.4826;
/** No model of noise is truer than this; levels closer to their line all count fully. */
const SMALLEST_SPREAD = 0.01;
/** More blocks than this make a level no more certain: what is left is that noise is no perfect line. */
const MOST_COUNTED = 200;

/**
 * Fits a line to the variance of noise over brightness: least squares of the relative distances, for a variance is known to a
 * share of itself, with Huber's weights, begun with the median of the slopes between all levels (Theil 1950, Sen 1968). Both
 * parts stay at or above 0. Two levels or more.
 */
export function fitNoiseLine(levels: readonly NoiseLevel[]): NoiseLine {
  let line = firstLine(levels);
  for (let turn = 0; turn < TURNS; turn++) {
    const distances = levels.map((level) => distanceOf(level, line));
    const spread = Math.max(SMALLEST_SPREAD, MAD_TO_DEVIATION * median(distances.map(Math.abs)));
    const weights = levels.map((level, i) => {
      const far = Math.abs(at(distances, i, "fitNoiseLine: distance")) / (HUBER * spread);
      return (Math.min(MOST_COUNTED, level.blocks) / lineAt(line, level.signal255) ** 2) * Math.min(1, 1 / far);
    });
    line = weightedLine(levels, weights);
  }
  return line;
}

/** The variance that a line has at a brightness; above 0 for the distances to be finite. */
function lineAt({ slope, constant255 }: NoiseLine, signal255: number): number {
  return Math.max(slope * signal255 + constant255, Number.EPSILON);
}

/** Root of the mean squared distance of levels from their line, as a share of the line; levels count by their blocks. */
export function residualOf(levels: readonly NoiseLevel[], line: NoiseLine): number {
  const total = levels.reduce((sum, { blocks }) => sum + blocks, 0);
  return Math.sqrt(levels.reduce((sum, level) => sum + level.blocks * distanceOf(level, line) ** 2, 0) / total);
}

/** The middle value; of an even number the upper one. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** The value below which a share of all lie. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return at(sorted, Math.min(sorted.length - 1, Math.floor(share * sorted.length)), "quantile: value");
}

function distanceOf({ signal255, variance255 }: NoiseLevel, line: NoiseLine): number {
  return variance255 / lineAt(line, signal255) - 1;
}

function firstLine(levels: readonly NoiseLevel[]): NoiseLine {
  const slopes = levels.flatMap((one, i) =>
    levels
      .slice(i + 1)
      .map((other) => (other.variance255 - one.variance255) / (other.signal255 - one.signal255 || Number.EPSILON)),
  );
  const slope = Math.max(0, median(slopes));
  const rest = levels.map(({ signal255, variance255 }) => variance255 - slope * signal255);
  return { slope, constant255: Math.max(0, median(rest)) };
}

function weightedLine(levels: readonly NoiseLevel[], weights: readonly number[]): NoiseLine {
  const sum = (of: (level: NoiseLevel) => number) =>
    levels.reduce((total, level, i) => total + at(weights, i, "fitNoiseLine: weight") * of(level), 0);
  const weight = sum(() => 1);
  const signal = sum(({ signal255 }) => signal255) / weight;
  const variance = sum(({ variance255 }) => variance255) / weight;
  const spread = sum(({ signal255 }) => (signal255 - signal) ** 2);
  const slope = sum((level) => (level.signal255 - signal) * (level.variance255 - variance)) / spread;
  if (slope <= 0) return { slope: 0, constant255: variance };
  const constant255 = variance - slope * signal;
  if (constant255 >= 0) return { slope, constant255 };
  // Through zero: the slope alone is fitted.
  const products = sum(({ signal255, variance255 }) => signal255 * variance255);
  return { slope: products / sum(({ signal255 }) => signal255 ** 2), constant255: 0 };
}
