import { stat } from "node:fs/promises";

import { toDiskError } from "#main/files/diskError.ts";
import { decodePhoto } from "#main/photos/decodePhoto.ts";
import type { Photo } from "#shared/image/photo.ts";
import { generateSamplePhoto, SAMPLE_SET } from "#shared/image/sampleSet.ts";

import { createLeastRecent } from "#main/lab/leastRecent.ts";

/** Decoded photos that were looked at lately: viewers ask for one region after the other. */
export interface PhotoCache {
  /** Decodes a file, unless it is remembered and has not changed since. Throws LabError as `decodePhoto` does. */
  decode(file: string): Promise<Photo>;
  /** Draws a photo of the built-in set. */
  drawSample(index: number): Promise<Photo>;
}

/** Room for some photos of a camera, or for the whole built-in set. */
const ROOM_BYTES = 384 * 1024 ** 2;

/** Creates an empty cache. */
export function createPhotoCache(): PhotoCache {
  const photos = createLeastRecent<Photo>(ROOM_BYTES, ({ data }) => data.byteLength);
  return {
    decode: async (file) => {
      const { mtimeMs, size } = await stat(file).catch((cause: unknown) => {
        throw toDiskError(`decode ${file}`, cause);
      });
      return photos.get(`${file} ${mtimeMs} ${size}`, async () => (await decodePhoto(file)).photo);
    },
    drawSample: (index) => photos.get(`sample ${index}`, async () => generateSamplePhoto(index, SAMPLE_SET)),
  };
}
