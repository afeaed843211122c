import { gaussianBlur } from "./gaussianBlur.ts";
import type { Photo } from "./photo.ts";

/**
 * Denoises by the best plain Gaussian blur for a noise level: the baseline that a network has to beat. The width
 * 0.25 + 0.0235 sigma255 pixels is a straight line through the widths with the best mean PSNR on Set12 and six BSD
 * photos at sigma 5 to 100 (0.5 at 10, 1.0 at 30, 1.5 at 50, 1.9 at 70), off by 0.1 pixels at most.
 */
export function blurBaseline(noisy: Photo, sigma255: number): Photo {
  return sigma255 === 0 ? noisy : gaussianBlur(noisy, 0.25 + 0.0235 * sigma255);
}
