import type { DecodedPhoto, PhotoShape } from "./decodedPhoto.ts";
import type { OpenedPhoto } from "./openedPhoto.ts";
import { keepRoom, largestPhotoBytes, takeRoom } from "./photoRoom.ts";
import { inThread } from "./threads/inThread.ts";
import { later } from "./threads/later.ts";
import type { TaggedBytes } from "./threads/viewing.ts";

/**
 * Decodes an 8- or 16-bit PNG, TIFF, JPEG, WebP or AVIF file in a thread: encoded values unchanged (but for CMYK, which becomes sRGB), orientation applied. Waits until
 * there is room for it. Throws LabError not_found, permission or disk where the file cannot be read, bad_data where it is not
 * one whole picture of these formats or takes more than the photo budget.
 */
export function decodePhoto(file: string): Promise<DecodedPhoto> {
  return keepRoom(async () => {
    await takeRoom((await measurePhotoFile(file)).decodedBytes);
    return inThread("decodeFile", file, largestPhotoBytes());
  });
}

/**
 * Opens a photo for jobs in threads, which decode it as `decodePhoto` does; this thread never holds its values. To be called
 * inside of `keepRoom`. Throws as `decodePhoto` does, for a damaged file only when it is decoded.
 */
export async function openPhoto(file: string): Promise<OpenedPhoto> {
  const { shape, decodedBytes } = await measurePhotoFile(file);
  await takeRoom(decodedBytes);
  return { ...shape, decoded: later("decodeFile", file, largestPhotoBytes()) };
}

/** Tells a photo's shape and what it takes when it is decoded, by the head of its file. Throws as `decodePhoto` does. */
export function measurePhotoFile(file: string): Promise<{ readonly shape: PhotoShape; readonly decodedBytes: number }> {
  return inThread("measureDecoded", file, largestPhotoBytes());
}

/** Decodes a photo to see that it is whole, without keeping its values, and tells its shape. Throws as `decodePhoto` does. */
export function inspectPhoto(file: string): Promise<PhotoShape> {
  return keepRoom(async () => {
    await takeRoom((await measurePhotoFile(file)).decodedBytes);
    return inThread("inspectFile", file, largestPhotoBytes());
  });
}

/** Reads a photo's shape from the head of its file: quick, and no promise that the rest is whole. Throws as `decodePhoto` does. */
export function readPhotoShape(file: string): Promise<PhotoShape> {
  return inThread("readShape", file);
}

/**
 * Makes an 8-bit PNG of a photo file that fits into a square, upright and never enlarged, in sRGB by the photo's profile.
 * Reads no more of the file than it needs. Throws LabError as `decodePhoto` does.
 */
export function makeThumbnail(file: string, maxSidePx: number): Promise<TaggedBytes> {
  return keepRoom(async () => {
    await takeRoom((await measurePhotoFile(file)).decodedBytes);
    return inThread("thumbnailOf", file, maxSidePx);
  });
}
