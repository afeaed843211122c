import type { EvaluationDetail } from "#shared/api/evaluations.ts";

export type ImageFigures = EvaluationDetail["images"][number];

export const IMAGE_ORDERS = ["psnr", "gain", "ssim", "name"] as const;
export type ImageOrder = (typeof IMAGE_ORDERS)[number];

const COMPARE: Readonly<Record<ImageOrder, (a: ImageFigures, b: ImageFigures) => number>> = {
  psnr: (a, b) => a.denoised.psnrDb - b.denoised.psnrDb,
  gain: (a, b) => gainOf(a) - gainOf(b),
  ssim: (a, b) => a.denoised.ssim - b.denoised.ssim,
  name: (a, b) => a.name.localeCompare(b.name, "en", { numeric: true }),
};

/** Returns what denoising gained, in dB over the noisy input. */
export function gainOf({ denoised, noisy }: ImageFigures): number {
  return denoised.psnrDb - noisy.psnrDb;
}

/** Orders pictures, the worst first where the order is one of figures. */
export function orderImages(images: readonly ImageFigures[], order: ImageOrder): readonly ImageFigures[] {
  return images.toSorted(COMPARE[order]);
}
