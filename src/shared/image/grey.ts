import { mergeChannels } from "./channel.ts";
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
    grey[i] = RED * (data[from] ?? NaN) + GREEN * (data[from + 1] ?? NaN) + BLUE * (data[from + 2] ?? NaN);
  }
  return { width, height, channels: 1, data: grey };
}

/** Gives a photo one or three channels: colour to grey as `toGrey`, grey to colour by repeating its values. */
export function toChannels(photo: Photo, channels: 1 | 3): Photo {
  if (channels === 1) return toGrey(photo);
  return photo.channels === 3 ? photo : mergeChannels([photo, photo, photo]);
}
