import type { Photo } from "./photo.ts";
import { checkSameShape } from "./psnr.ts";

/**
 * Moves from a network's input (strength 0) to its output (strength 1) and clips to 0..1, once and at the very end: what a
 * person gets of a denoised photo, wherever it is shown, measured or written.
 */
export function blend(input: Photo, output: Photo, strength: number): Photo {
  checkSameShape("blend", input, output);
  const data = output.data.map((after, i) => {
    const before = input.data[i] ?? NaN;
    return Math.min(1, Math.max(0, before + strength * (after - before)));
  });
  return { ...output, data };
}
