import type { EvaluationDetail } from "#shared/api/evaluations.ts";
import { compareRanks, type Rank } from "#renderer/components/layout/useDataTable.ts";

export type ImageFigures = EvaluationDetail["images"][number];

export const IMAGE_ORDERS = ["psnr", "gain", "ssim", "haarPsi", "name"] as const;
export type ImageOrder = (typeof IMAGE_ORDERS)[number];

/** What pictures are ordered by. */
export const IMAGE_RANKS: Readonly<Record<ImageOrder, (image: ImageFigures) => Rank>> = {
  psnr: ({ denoised }) => denoised.psnrDb,
  gain: gainOf,
  ssim: ({ denoised }) => denoised.ssim,
  // Older versions did not measure it; those come last.
  haarPsi: ({ denoised }) => denoised.haarPsi ?? Infinity,
  name: ({ name }) => name,
};

/** Returns what denoising gained, in dB over the noisy input. */
export function gainOf({ denoised, noisy }: ImageFigures): number {
  return denoised.psnrDb - noisy.psnrDb;
}

/** Orders pictures, the worst first where the order is one of figures. */
export function orderImages(images: readonly ImageFigures[], order: ImageOrder): readonly ImageFigures[] {
  const rankOf = IMAGE_RANKS[order];
  return images.toSorted((a, b) => compareRanks(rankOf(a), rankOf(b)));
}
