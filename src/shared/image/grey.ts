import type { Photo } from "./photo.ts";

/** ITU-R BT.601 luma weights, the ones behind PIL's `convert("L")`, which the papers' grey data were made with. */
const RED = 0.299;
const GREEN = 0.587;
const BLUE = 0.114;

/** Converts a photo to one channel by the ITU-R 601 weights, unrounded; a grey photo is returned as it is. */
export function toGrey(photo: Photo): Photo {
  if (photo.channels === 1) return photo;
  const { width, height, data } = photo;
  const grey = new Float32Array(width * height);
  for (let i = 0, from = 0; i < grey.length; i++, from += 3) {
    grey[i] = RED * (data[from] ?? 0) + GREEN * (data[from + 1] ?? 0) + BLUE * (data[from + 2] ?? 0);
  }
  return { width, height, channels: 1, data: grey };
}
