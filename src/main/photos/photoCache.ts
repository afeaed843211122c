import { stat } from "node:fs/promises";

import { LRUCache } from "lru-cache";

import { toDiskError } from "#main/files/diskError.ts";

import type { DecodedPhoto } from "./decodedPhoto.ts";
import { decodePhoto, measurePhotoFile, openPhoto } from "./decodePhoto.ts";
import type { PhotoReader } from "./loadPhotos.ts";
import { largestPhotoBytes } from "./photoRoom.ts";
import { inThread } from "./threads/inThread.ts";

/** Room for some photos of a camera, or for the whole built-in set. */
const ROOM_BYTES = 384 * 1024 ** 2;
/** A photo that takes more than this share of the photo budget is not kept: freeing it here would hold up all else. */
const LARGEST_SHARE = 1 / 6;

/**
 * Creates an empty memory of photos that were read lately, so that what is looked at, denoised and saved is decoded once; a
 * file that has changed since is decoded anew. Who asks while a photo is being decoded shares that one decoding. A large one
 * is decoded anew in each thread that needs it.
 */
export function createPhotoCache(): PhotoReader {
  const photos = new LRUCache<string, DecodedPhoto, () => Promise<DecodedPhoto>>({
    maxSize: ROOM_BYTES,
    sizeCalculation: sizeOf,
    fetchMethod: (_key, _known, { context: decode }) => decode(),
    ignoreFetchAbort: true,
  });
  return {
    open: async (file) => {
      const { mtimeMs, size } = await stat(file).catch((cause: unknown) => {
        throw toDiskError(`open ${file}`, cause);
      });
      const key = `${file} ${mtimeMs} ${size}`;
      if (!photos.has(key) && (await isLarge(file))) return openPhoto(file);
      const decoded = await photos.forceFetch(key, { context: () => decodePhoto(file) });
      const { width, height, channels } = decoded.photo;
      return { width, height, channels, bitDepth: decoded.bitDepth, decoded };
    },
    drawSample: async (index) =>
      (await photos.forceFetch(`sample ${index}`, { context: () => drawSample(index) })).photo,
  };
}

async function isLarge(file: string): Promise<boolean> {
  return (await measurePhotoFile(file)).decodedBytes > LARGEST_SHARE * largestPhotoBytes();
}

async function drawSample(index: number): Promise<DecodedPhoto> {
  const photo = await inThread("drawSample", index);
  return { photo, alpha: null, bitDepth: 8, format: "png", icc: null, exif: null, xmp: null };
}

function sizeOf({ photo, alpha, icc, exif, xmp }: DecodedPhoto): number {
  return [photo.data, alpha, icc, exif, xmp].reduce((sum, part) => sum + (part?.byteLength ?? 0), 1);
}
