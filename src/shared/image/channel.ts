import type { Photo } from "./photo.ts";

/** Splits a photo `[H, W, C]` into C one-channel photos `[H, W, 1]` in channel order. */
export function splitChannels(photo: Photo): Photo[] {
  const { width, height, channels, data } = photo;
  if (channels === 1) return [photo];
  return Array.from({ length: channels }, (_, channel) => {
    const plane = new Float32Array(width * height);
    for (let i = 0, from = channel; i < plane.length; i++, from += channels) plane[i] = data[from] ?? NaN;
    return { width, height, channels: 1, data: plane };
  });
}

/** Merges one or three one-channel photos `[H, W, 1]` of equal size into one photo; the inverse of `splitChannels`. */
export function mergeChannels(planes: readonly Photo[]): Photo {
  const [first] = planes;
  const channels = planes.length;
  if (first === undefined || (channels !== 1 && channels !== 3)) {
    throw new Error(`mergeChannels: expected 1 or 3 planes, got ${channels}`);
  }
  if (channels === 1) return first;
  const { width, height } = first;
  const data = new Float32Array(width * height * channels);
  planes.forEach((plane, channel) => {
    if (plane.width !== width || plane.height !== height || plane.channels !== 1) {
      throw new Error(
        `mergeChannels: plane ${channel} must be [${height}, ${width}, 1], got [${plane.height}, ${plane.width}, ${plane.channels}]`,
      );
    }
    for (let i = 0, to = channel; i < plane.data.length; i++, to += channels) data[to] = plane.data[i] ?? NaN;
  });
  return { width, height, channels, data };
}
