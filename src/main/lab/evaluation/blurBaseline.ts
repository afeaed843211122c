import { gaussianBlur } from "#shared/image/gaussianBlur.ts";
import type { Photo } from "#shared/image/photo.ts";
import { computePsnr } from "#shared/image/psnr.ts";

/** From hardly visible to very soft: the best blur for Gaussian noise of any usual sigma lies in between. */
const SIGMAS_PX = [0.4, 0.6, 0.8, 1, 1.25, 1.5, 2, 2.5, 3];

/** Blurs a noisy photo by that Gaussian which comes nearest to the clean one: the best that plain blurring could do. */
export function blurBest(noisy: Photo, clean: Photo): Photo {
  let best = noisy;
  for (const sigmaPx of SIGMAS_PX) {
    const blurred = gaussianBlur(noisy, sigmaPx);
    if (computePsnr(blurred, clean) > computePsnr(best, clean)) best = blurred;
  }
  return best;
}
