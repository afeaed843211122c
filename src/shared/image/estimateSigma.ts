import type { Photo } from "./photo.ts";

/** Mean absolute value of a standard normal variable. */
const MEAN_ABSOLUTE_NORMAL = Math.sqrt(2 / Math.PI);

/** Standard deviation that the difference of two Laplacians [1 -2 1; -2 4 -2; 1 -2 1] makes of unit noise. */
const MASK_GAIN = 6;

/**
 * Estimates the noise of a photo as one sigma on the 0..255 scale (Immerkær 1996): the mean absolute answer of a mask
 * that cancels constant and linear parts. Real texture counts as noise, so it is somewhat high for clean photos. Serves
 * camera pairs, whose sigma nobody knows. A photo under 3x3 pixels gives 0.
 */
export function estimateSigma255(photo: Photo): number {
  const { width, height, channels, data } = photo;
  const count = (width - 2) * (height - 2) * channels;
  if (width < 3 || height < 3) return 0;
  const at = (index: number) => data[index] ?? NaN;
  const row = width * channels;
  let sum = 0;
  for (let y = 1; y < height - 1; y++) {
    for (let i = y * row + channels; i < (y + 1) * row - channels; i++) {
      const corners = at(i - row - channels) + at(i - row + channels) + at(i + row - channels) + at(i + row + channels);
      const sides = at(i - row) + at(i + row) + at(i - channels) + at(i + channels);
      sum += Math.abs(corners - 2 * sides + 4 * at(i));
    }
  }
  return (255 * sum) / (count * MASK_GAIN * MEAN_ABSOLUTE_NORMAL);
}
