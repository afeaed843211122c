import type { DecodedPhoto, PhotoShape } from "./decodedPhoto.ts";
import { keepRoom, largestPhotoBytes, takeRoom } from "./photoRoom.ts";
import { inThread } from "./threads/inThread.ts";
import type { TaggedBytes } from "./threads/viewing.ts";

/**
 * Decodes an 8- or 16-bit PNG, TIFF, JPEG or WebP file in a thread: encoded values unchanged, orientation applied. Waits until
 * there is room for it. Throws LabError not_found, permission or disk where the file cannot be read, bad_data where it is not
 * one whole picture of these formats or takes more than the photo budget.
 */
export function decodePhoto(file: string): Promise<DecodedPhoto> {
  return keepRoom(async () => {
    const largest = largestPhotoBytes();
    await takeRoom(await inThread("measureDecoded", file, largest));
    return inThread("decodeFile", file, largest);
  });
}

/** Decodes a photo to see that it is whole, without keeping its values, and tells its shape. Throws as `decodePhoto` does. */
export function inspectPhoto(file: string): Promise<PhotoShape> {
  return keepRoom(async () => {
    const largest = largestPhotoBytes();
    await takeRoom(await inThread("measureDecoded", file, largest));
    return inThread("inspectFile", file, largest);
  });
}

/** Reads a photo's shape from the head of its file: quick, and no promise that the rest is whole. Throws as `decodePhoto` does. */
export function readPhotoShape(file: string): Promise<PhotoShape> {
  return inThread("readShape", file);
}

/**
 * Makes an 8-bit PNG of a photo file that fits into a square, upright and never enlarged; the file's own values, no colour
 * management. Reads no more of the file than it needs. Throws LabError as `decodePhoto` does.
 */
export function makeThumbnail(file: string, maxSidePx: number): Promise<TaggedBytes> {
  return keepRoom(async () => {
    const largest = largestPhotoBytes();
    await takeRoom(await inThread("measureDecoded", file, largest));
    return inThread("thumbnailOf", file, maxSidePx);
  });
}
