import { computePsnr } from "#shared/image/psnr.ts";
import type { Photo } from "#shared/image/photo.ts";
import { clip } from "#shared/image/scores.ts";
import { computeSsim } from "#shared/image/ssim.ts";
import type { ValidationScore } from "#shared/runs/runEvent.ts";

/** PSNR (dB) counts this much in the score beside SSIM (science notes 1.7). */
const PSNR_WEIGHT = 1 / 100;

/** Means over photos of PSNR and SSIM of the clipped outputs, and the published score SSIM + PSNR / 100. */
export function meanValidationScore(
  pairs: readonly { readonly clean: Photo; readonly output: Photo }[],
): ValidationScore {
  const scores = pairs.map(({ clean, output }) => {
    const clipped = clip(output);
    return { psnrDb: computePsnr(clipped, clean), ssim: computeSsim(clipped, clean) };
  });
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const psnrDb = mean(scores.map((score) => score.psnrDb));
  const ssim = mean(scores.map((score) => score.ssim));
  return { psnrDb, ssim, score: ssim + psnrDb * PSNR_WEIGHT };
}
