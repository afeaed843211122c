import { at } from "#shared/at.ts";

import { toGrey } from "./grey.ts";
import { clip } from "./scores.ts";
import type { Photo } from "./photo.ts";
import { checkSameShape, computePsnr } from "./psnr.ts";
import { computeSsim } from "./ssim.ts";

/** Noise in figures; everything that ends in 255 is on the 0..255 scale. */
export interface MeasuredNoise {
  readonly mean255: number;
  readonly deviation255: number;
  /** Of the noisy picture, clipped to 0..1. */
  readonly psnrDb: number;
  readonly ssim: number;
  /** The standard deviation by the clean picture's brightness, dark first; null where it has hardly any such values. */
  readonly levels255: readonly (number | null)[];
  readonly correlation: NoiseCorrelation;
  readonly histogram: { readonly from255: number; readonly binWidth255: number; readonly counts: readonly number[] };
}

/** How much alike noise is at neighbouring pixels: 0 for white noise, 1 for the same. Null without noise. */
export interface NoiseCorrelation {
  readonly luma: number | null;
  /** In what a channel differs from the luma; null for a grey picture. */
  readonly chroma: number | null;
}

/** Quarters of the range: dark, middle and light tones. */
const LEVELS = 4;
/** Fewer values do not tell a deviation. */
const FEWEST_VALUES = 200;
/** Odd, so that differences of zero have a bin of their own. */
const BINS = 101;
/** The histogram reaches this many standard deviations to each side; what lies beyond counts in the last bins. */
const REACH = 4;

/** Measures noisy minus clean of two pictures of one shape. A picture without noise has a histogram of one bin's width. */
export function measureNoiseBetween(noisy: Photo, clean: Photo): MeasuredNoise {
  checkSameShape("noise figures", noisy, clean);
  const differences = noisy.data.map((value, i) => 255 * (value - (clean.data[i] ?? NaN)));
  const mean255 = differences.reduce((sum, value) => sum + value, 0) / differences.length;
  const variance = differences.reduce((sum, value) => sum + (value - mean255) ** 2, 0) / differences.length;
  const deviation255 = Math.sqrt(variance);
  const shown = clip(noisy);
  return {
    mean255,
    deviation255,
    psnrDb: computePsnr(shown, clean),
    ssim: computeSsim(shown, clean),
    levels255: measureLevels(differences, clean),
    correlation: measureCorrelation({ ...clean, data: differences }),
    histogram: countBins(differences, Math.max(deviation255 + Math.abs(mean255), Number.EPSILON)),
  };
}

function measureLevels(differences: Float32Array, clean: Photo): readonly (number | null)[] {
  const sums = Array.from({ length: LEVELS }, () => ({ count: 0, sum: 0, squares: 0 }));
  for (const [i, difference] of differences.entries()) {
    const level = Math.min(LEVELS - 1, Math.max(0, Math.floor((clean.data[i] ?? NaN) * LEVELS)));
    const total = at(sums, level, "noise figures: level");
    total.count++;
    total.sum += difference;
    total.squares += difference * difference;
  }
  return sums.map(({ count, sum, squares }) =>
    count < FEWEST_VALUES ? null : Math.sqrt(Math.max(0, squares / count - (sum / count) ** 2)),
  );
}

function measureCorrelation(noise: Photo): NoiseCorrelation {
  const luma = toGrey(noise);
  if (noise.channels === 1) return { luma: correlateNeighbours(luma), chroma: null };
  const chroma = noise.data.map((value, i) => value - (luma.data[Math.floor(i / 3)] ?? NaN));
  return { luma: correlateNeighbours(luma), chroma: correlateNeighbours({ ...noise, data: chroma }) };
}

/** The correlation of each value with those to its right and below, channel by channel; null where nothing varies. */
function correlateNeighbours({ width, height, channels, data }: Photo): number | null {
  const means = Array.from({ length: channels }, (_, channel) => {
    let sum = 0;
    for (let i = channel; i < data.length; i += channels) sum += data[i] ?? NaN;
    return sum / (width * height);
  });
  const rest = data.map((value, i) => value - at(means, i % channels, "noise figures: channel"));
  let products = 0;
  let squares = 0;
  for (let y = 0, i = 0; y < height - 1; y++) {
    for (let x = 0; x < width; x++) {
      for (let channel = 0; channel < channels; channel++, i++) {
        if (x === width - 1) continue;
        const value = rest[i] ?? NaN;
        products += value * ((rest[i + channels] ?? NaN) + (rest[i + width * channels] ?? NaN));
        squares += value * value;
      }
    }
  }
  return squares > 0 ? products / (2 * squares) : null;
}

function countBins(differences: Float32Array, scale255: number): MeasuredNoise["histogram"] {
  const from255 = -REACH * scale255;
  const binWidth255 = (2 * REACH * scale255) / BINS;
  const counts = new Array<number>(BINS).fill(0);
  for (const difference of differences) {
    const bin = Math.min(BINS - 1, Math.max(0, Math.floor((difference - from255) / binWidth255)));
    counts[bin] = (counts[bin] ?? NaN) + 1;
  }
  return { from255, binWidth255, counts };
}
