import sharp from "sharp";

import type { Photo } from "#shared/image/photo.ts";

/** Makes an 8-bit PNG of a photo, values clipped to 0..1, shrunk to fit into a square where one is given. */
export async function encodePng(photo: Photo, maxSidePx: number | null): Promise<Uint8Array> {
  const { width, height, channels, data } = photo;
  const values = Uint8Array.from(data, (value) => Math.round(Math.min(1, Math.max(0, value)) * 255));
  const picture = sharp(values, { raw: { width, height, channels } }).toColourspace(channels === 1 ? "b-w" : "srgb");
  const fitted =
    maxSidePx === null
      ? picture
      : picture.resize({ width: maxSidePx, height: maxSidePx, fit: "inside", withoutEnlargement: true });
  return fitted.png({ compressionLevel: 3 }).toBuffer();
}
