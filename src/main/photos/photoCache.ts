import { stat } from "node:fs/promises";

import { LRUCache } from "lru-cache";

import { toDiskError } from "#main/files/diskError.ts";

import type { DecodedPhoto } from "./decodedPhoto.ts";
import { decodePhoto } from "./decodePhoto.ts";
import type { PhotoReader } from "./loadPhotos.ts";
import { inThread } from "./threads/inThread.ts";

/** Room for some photos of a camera, or for the whole built-in set. */
const ROOM_BYTES = 384 * 1024 ** 2;

/**
 * Creates an empty memory of photos that were read lately, so that what is looked at, denoised and saved is decoded once; a
 * file that has changed since is decoded anew. Who asks while a photo is being decoded shares that one decoding.
 */
export function createPhotoCache(): PhotoReader {
  const photos = new LRUCache<string, DecodedPhoto, () => Promise<DecodedPhoto>>({
    maxSize: ROOM_BYTES,
    sizeCalculation: sizeOf,
    fetchMethod: (_key, _known, { context: decode }) => decode(),
    ignoreFetchAbort: true,
  });
  return {
    decode: async (file) => {
      const { mtimeMs, size } = await stat(file).catch((cause: unknown) => {
        throw toDiskError(`open ${file}`, cause);
      });
      return photos.forceFetch(`${file} ${mtimeMs} ${size}`, { context: () => decodePhoto(file) });
    },
    drawSample: async (index) =>
      (await photos.forceFetch(`sample ${index}`, { context: () => drawSample(index) })).photo,
  };
}

async function drawSample(index: number): Promise<DecodedPhoto> {
  const photo = await inThread("drawSample", index);
  return { photo, alpha: null, bitDepth: 8, format: "png", icc: null, exif: null, xmp: null };
}

function sizeOf({ photo, alpha, icc, exif, xmp }: DecodedPhoto): number {
  return [photo.data, alpha, icc, exif, xmp].reduce((sum, part) => sum + (part?.byteLength ?? 0), 1);
}
