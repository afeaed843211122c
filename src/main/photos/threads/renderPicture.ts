import sharp from "sharp";

import type { LabFile } from "#shared/api/lab.ts";
import { crop } from "#shared/image/geometry.ts";
import type { Photo } from "#shared/image/photo.ts";
import { resize } from "#shared/image/resize.ts";

import { embedInPng } from "#main/photos/embedInPng.ts";

import { tagBytes, type TaggedBytes, toArea, type Viewing } from "./viewing.ts";

/**
 * Makes the bytes in which a photo, or a part of it, is shown; a PNG has the photo's profile, where one is given, so that its
 * colours are seen as those of the saved file are. Throws LabError `bad_config` for a region outside.
 */
export async function renderPicture(
  photo: Photo,
  { region, maxSidePx, encoding }: Viewing,
  icc: Uint8Array | null = null,
): Promise<TaggedBytes & Pick<LabFile, "shape">> {
  const part = region === undefined ? photo : crop(photo, toArea(photo, region));
  if (encoding === "png") return { ...tagBytes(await encodePng(part, maxSidePx ?? null, icc)), shape: null };
  const { width, height, channels, data } = maxSidePx === undefined ? part : fit(part, maxSidePx);
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return { ...tagBytes(bytes), shape: [height, width, channels] };
}

/** Above this, packing a PNG takes most of a second, and saves a tenth of its bytes. */
const LARGE_PIXELS = 4e6;

/** Makes an 8-bit PNG of a photo, values clipped to 0..1, shrunk to fit into a square where one is given. */
export async function encodePng(
  photo: Photo,
  maxSidePx: number | null,
  icc: Uint8Array | null = null,
): Promise<Uint8Array> {
  const { width, height, channels, data } = photo;
  const values = new Uint8Array(data.length);
  for (let i = 0; i < values.length; i++) values[i] = Math.round(Math.min(1, Math.max(0, data[i] ?? NaN)) * 255);
  const picture = sharp(values, { raw: { width, height, channels }, limitInputPixels: false }).toColourspace(
    channels === 1 ? "b-w" : "srgb",
  );
  const fitted =
    maxSidePx === null
      ? picture
      : picture.resize({ width: maxSidePx, height: maxSidePx, fit: "inside", withoutEnlargement: true });
  // Photos hardly get smaller, and a large one would keep who looks at it waiting for seconds.
  const isLarge = maxSidePx === null && width * height > LARGE_PIXELS;
  const png = await fitted.png({ compressionLevel: isLarge ? 0 : 3 }).toBuffer();
  return icc === null ? png : embedInPng(png, { icc, exif: null, xmp: null });
}

function fit(photo: Photo, maxSidePx: number): Photo {
  const scale = maxSidePx / Math.max(photo.width, photo.height);
  if (scale >= 1) return photo;
  return resize(photo, Math.max(1, Math.round(photo.width * scale)), Math.max(1, Math.round(photo.height * scale)));
}
