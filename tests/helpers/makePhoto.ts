import { createRandom } from "#shared/random/createRandom.ts";
import type { Photo } from "#shared/image/photo.ts";

/** Makes a photo whose every value is an independent random number of 0..1. */
export function makeRandomPhoto(width: number, height: number, channels: 1 | 3 = 1, seed = 0): Photo {
  const random = createRandom(seed, "test photo", width, height, channels);
  return { width, height, channels, data: Float32Array.from({ length: width * height * channels }, random.uniform) };
}

/** Makes a photo of one channel whose value at (x, y) is a function of the place. */
export function makeGreyPhoto(width: number, height: number, valueAt: (x: number, y: number) => number): Photo {
  const data = Float32Array.from({ length: width * height }, (_, i) => valueAt(i % width, Math.floor(i / width)));
  return { width, height, channels: 1, data };
}
