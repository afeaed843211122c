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
  readonly histogram: { readonly from255: number; readonly binWidth255: number; readonly counts: readonly number[] };
}

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
    histogram: countBins(differences, Math.max(deviation255 + Math.abs(mean255), Number.EPSILON)),
  };
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
