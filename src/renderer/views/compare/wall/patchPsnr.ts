import type { Rectangle } from "#shared/image/geometry.ts";
import type { Photo } from "#shared/image/photo.ts";
import { PSNR_CEILING_DB } from "#shared/image/psnr.ts";

/**
 * Computes the PSNR in dB of a part of a photo against the same part of another, for a data range of 1. `isClipped` brings
 * the first one's values to 0..1 first, as results of a network are. Both photos have the same shape, and the part lies inside.
 */
export function computePatchPsnr(photo: Photo, clean: Photo, area: Rectangle, isClipped: boolean): number {
  const { width, channels } = clean;
  let sum = 0;
  for (let y = area.y; y < area.y + area.height; y++) {
    const start = (y * width + area.x) * channels;
    for (let index = start; index < start + area.width * channels; index++) {
      const value = photo.data[index] ?? 0;
      const shown = isClipped ? Math.min(1, Math.max(0, value)) : value;
      sum += (shown - (clean.data[index] ?? 0)) ** 2;
    }
  }
  return Math.min(PSNR_CEILING_DB, -10 * Math.log10(sum / (area.width * area.height * channels)));
}
