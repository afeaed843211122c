import type { Photo } from "./photo.ts";

/** PSNR of equal pictures, and the largest value reported: infinity has no place in JSON or in a mean. */
export const PSNR_CEILING_DB = 100;

/** Computes the mean squared error of two photos of equal shape in double precision. */
export function computeMse(a: Photo, b: Photo): number {
  checkSameShape("mse", a, b);
  let sum = 0;
  for (let i = 0; i < a.data.length; i++) sum += ((a.data[i] ?? NaN) - (b.data[i] ?? NaN)) ** 2;
  return sum / a.data.length;
}

/** Computes the peak signal-to-noise ratio in dB for a data range of 1, at most PSNR_CEILING_DB; nothing is clipped. */
export function computePsnr(a: Photo, b: Photo): number {
  return toPsnrDb(computeMse(a, b));
}

/** Writes a mean squared error of values in 0..1 as a peak signal-to-noise ratio in dB, at most PSNR_CEILING_DB. */
export function toPsnrDb(mse: number): number {
  return Math.min(PSNR_CEILING_DB, -10 * Math.log10(mse));
}

/** Throws where two photos differ in shape. */
export function checkSameShape(place: string, a: Photo, b: Photo): void {
  if (a.width === b.width && a.height === b.height && a.channels === b.channels) return;
  const shapeOf = (photo: Photo) => `[${photo.height}, ${photo.width}, ${photo.channels}]`;
  throw new Error(`${place}: photos must have the same shape, got ${shapeOf(a)} and ${shapeOf(b)}`);
}
