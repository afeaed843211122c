import { mapValues } from "./mapValues.ts";
import { computeHaarPsi } from "./haarPsi.ts";
import type { Photo } from "./photo.ts";
import { computePsnr } from "./psnr.ts";
import { computeSsim } from "./ssim.ts";

/** PSNR in dB, SSIM and HaarPSI of a picture against its clean original: as floats, two also after rounding the output to 8 bits. */
export interface Scores {
  readonly psnrDb: number;
  readonly ssim: number;
  readonly psnr8BitDb: number;
  readonly ssim8Bit: number;
  /** Unrounded; left out by older versions. */
  readonly haarPsi?: number | undefined;
}

/** Computes a picture's scores against its clean original: the output clipped to 0..1, unrounded and rounded to 8 bits. */
export function computeScores(output: Photo, clean: Photo): Scores {
  const clipped = clip(output);
  const rounded = roundTo8Bit(clipped);
  return {
    psnrDb: computePsnr(clipped, clean),
    ssim: computeSsim(clipped, clean),
    psnr8BitDb: computePsnr(rounded, clean),
    ssim8Bit: computeSsim(rounded, clean),
    haarPsi: computeHaarPsi(clipped, clean),
  };
}

/** Clips a photo's values to 0..1. */
export function clip(photo: Photo): Photo {
  return { ...photo, data: mapValues(photo.data, (value) => Math.min(1, Math.max(0, value))) };
}

function roundTo8Bit(photo: Photo): Photo {
  return { ...photo, data: mapValues(photo.data, (value) => Math.round(value * 255) / 255) };
}
