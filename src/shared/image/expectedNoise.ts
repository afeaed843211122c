import { at } from "#shared/at.ts";

import type { SettledNoise } from "./addNoise.ts";
import type { MeasuredNoise } from "./noiseFigures.ts";
import type { Photo } from "./photo.ts";

type SyntheticSettled = Exclude<SettledNoise, { kind: "paired" }>;

/** Grey levels that a picture's values are gathered in; finer ones change nothing that a histogram shows. */
const LEVELS = 256;
/** From this mean on, a Poisson count is as good as normal. */
const NORMAL_FROM = 100;
/** Counts further from their mean than this many deviations are too rare to be seen. */
const REACH = 7;

/**
 * Computes how many values of noisy minus clean a noise model puts into each bin of a histogram, on average over all
 * draws; what lies beyond counts in the last bins. For Poisson-Gaussian noise, whose spread and skew follow the signal,
 * it is the mixture over the picture's values: Poisson counts exactly where they are small, a normal of the same
 * variance where they are large.
 */
export function expectHistogram(
  clean: Photo,
  noise: SyntheticSettled,
  { from255, binWidth255, counts }: MeasuredNoise["histogram"],
): readonly number[] {
  const cumulative = toCumulative(clean, noise);
  const inner = Array.from({ length: counts.length - 1 }, (_, i) => cumulative(from255 + (i + 1) * binWidth255));
  const edges = [0, ...inner, 1];
  return counts.map(
    (_, i) => clean.data.length * (at(edges, i + 1, "expectHistogram: edge") - at(edges, i, "expectHistogram: edge")),
  );
}

/** The share of noise values (0..255 scale) below a bound. */
function toCumulative(clean: Photo, noise: SyntheticSettled): (bound255: number) => number {
  const sigma = noise.sigma255 / 255;
  if (noise.kind === "gaussian") return (bound255) => normalBelow(bound255 / 255, sigma);
  const levels = countLevels(clean).map(({ signal, share }) => ({ share, parts: spread(signal, noise.gain) }));
  return (bound255) => {
    let below = 0;
    for (const { share, parts } of levels) {
      for (const part of parts) {
        below += share * part.share * normalBelow(bound255 / 255 - part.offset, Math.hypot(sigma, part.deviation));
      }
    }
    return below;
  };
}

/** The signal-dependent part at one signal as a few normals: one for each Poisson count, or a single one. */
interface Part {
  readonly share: number;
  readonly offset: number;
  readonly deviation: number;
}

function spread(signal: number, gain: number): readonly Part[] {
  const mean = Math.max(signal, 0) / gain;
  if (mean >= NORMAL_FROM) return [{ share: 1, offset: 0, deviation: gain * Math.sqrt(mean) }];
  const parts: Part[] = [];
  let share = Math.exp(-mean);
  for (let count = 0; count <= mean + REACH * Math.sqrt(mean) + REACH; count++) {
    parts.push({ share, offset: gain * count - Math.max(signal, 0), deviation: 0 });
    share *= mean / (count + 1);
  }
  return parts;
}

/** Gathers a picture's values in levels; each stands for the mean of its values. */
function countLevels({ data }: Photo): readonly { readonly signal: number; readonly share: number }[] {
  const sums = new Float64Array(LEVELS);
  const numbers = new Float64Array(LEVELS);
  for (const value of data) {
    const level = Math.min(LEVELS - 1, Math.max(0, Math.floor(value * LEVELS)));
    sums[level] = (sums[level] ?? NaN) + value;
    numbers[level] = (numbers[level] ?? NaN) + 1;
  }
  return [...numbers].flatMap((number, level) =>
    number === 0 ? [] : [{ signal: (sums[level] ?? NaN) / number, share: number / data.length }],
  );
}

/** The share of a normal distribution around 0 below a bound; without a spread all of it lies at 0. */
function normalBelow(bound: number, sigma: number): number {
  if (sigma === 0) return bound > 0 ? 1 : 0;
  return 0.5 * (1 + errorFunction(bound / (sigma * Math.SQRT2)));
}

/** Abramowitz and Stegun 7.1.26, within 1.5e-7. */
function errorFunction(x: number): number {
  const t = 1 / (1 + 0.3275911 * Math.abs(x));
  const series = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  return Math.sign(x) * (1 - series * Math.exp(-x * x));
}
