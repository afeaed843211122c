import type { Photo } from "./photo.ts";

/**
 * Shrinks a photo by a whole factor: each pixel is the mean of `factor` times `factor` of them, so that noise without
 * correlation shrinks by that factor, too. Throws an Error where width or height is no multiple of it.
 */
export function shrinkByMeans(photo: Photo, factor: number): Photo {
  const { channels } = photo;
  const [width, height] = [photo.width / factor, photo.height / factor];
  if (!Number.isInteger(width) || !Number.isInteger(height)) {
    throw new Error(`shrink: ${photo.width}x${photo.height} must be multiples of ${factor}, they are not`);
  }
  const data = new Float32Array(width * height * channels);
  const share = 1 / factor ** 2;
  for (let y = 0; y < photo.height; y++) {
    const row = Math.floor(y / factor) * width;
    let from = y * photo.width * channels;
    for (let column = 0; column < width; column++) {
      const to = (row + column) * channels;
      for (let end = from + factor * channels; from < end;) {
        for (let channel = 0; channel < channels; channel++) {
          data[to + channel] = (data[to + channel] ?? NaN) + share * (photo.data[from++] ?? NaN);
        }
      }
    }
  }
  return { width, height, channels, data };
}
