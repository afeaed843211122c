import { mkdir } from "node:fs/promises";
import { join } from "node:path";

import { decodePhoto, type DecodedPhoto } from "#main/photos/decodePhoto.ts";
import { encodePhoto } from "#main/photos/encodePhoto.ts";
import { listPhotos } from "#main/photos/listPhotos.ts";
import { LabError } from "#shared/api/labError.ts";
import { toNoisy } from "#shared/image/addNoise.ts";
import { crop } from "#shared/image/geometry.ts";
import type { Noise } from "#shared/image/noise.ts";
import type { Photo } from "#shared/image/photo.ts";
import { SAMPLE_SET, generateSamplePhoto } from "#shared/image/sampleSet.ts";
import { createRandom } from "#shared/random/createRandom.ts";

/** Pictures kept out of training: enough for a mean, few enough to be measured in seconds. */
const HELD_OUT = 4;
/** Held-out photos are cropped to this side, so that a folder of camera photos takes no longer than the sample set. */
const LARGEST_SIDE = 384;
/** A search halves its photos and keeps one for validation. */
const FEWEST_FOR_TRAINING = 3;

/** Pictures for measuring, on disk, and how many photos are left for training. */
export interface TestPhotos {
  readonly files: readonly string[];
  readonly trainingPhotos: number;
}

/** Draws pictures that the sample set does not have and writes them to a folder as PNG files. */
export async function writeSampleTestPhotos(folder: string): Promise<TestPhotos> {
  const photos = Array.from({ length: HELD_OUT }, (_, i) => generateSamplePhoto(SAMPLE_SET.photos + i, SAMPLE_SET));
  return { files: await writePhotos(photos, folder), trainingPhotos: SAMPLE_SET.photos };
}

/**
 * Writes crops of the last photos, by name, of a folder with `usable` photos to another folder as PNG files; the photos
 * before them are left for training. Throws a LabError `bad_data` where too few would be left.
 */
export async function writeFolderTestPhotos(source: string, usable: number, folder: string): Promise<TestPhotos> {
  const count = Math.min(HELD_OUT, usable - FEWEST_FOR_TRAINING);
  if (count < 1) {
    const fewest = FEWEST_FOR_TRAINING + 1;
    throw new LabError("bad_data", `demo: ${source} must have at least ${fewest} usable photos, got ${usable}`);
  }
  const photos: Photo[] = [];
  for (const { file } of [...(await listPhotos(source)).photos].reverse()) {
    if (photos.length === count) break;
    const decoded = await decodePhoto(file).catch(toNullIfUnusable);
    if (decoded !== null) photos.unshift(cropCentre(decoded.photo));
  }
  return { files: await writePhotos(photos, folder), trainingPhotos: usable - count };
}

/** Adds noise to a clean photo file and writes the outcome as a 16-bit PNG file. Throws a LabError. */
export async function writeNoisyPhoto(clean: string, noise: Noise, seed: number, file: string): Promise<void> {
  const { photo } = await decodePhoto(clean);
  await writePng(toNoisy({ name: clean, clean: photo }, noise, createRandom(seed, "demo noise")), file);
}

async function writePhotos(photos: readonly Photo[], folder: string): Promise<readonly string[]> {
  await mkdir(folder, { recursive: true });
  const files = photos.map((_, i) => join(folder, `held-out-${i + 1}.png`));
  for (const [i, photo] of photos.entries()) await writePng(photo, files[i] ?? folder);
  return files;
}

async function writePng(photo: Photo, file: string): Promise<void> {
  const source: DecodedPhoto = { photo, alpha: null, bitDepth: 16, format: "png", icc: null, exif: null, xmp: null };
  await encodePhoto(source, { file, format: "png", bitDepth: 16, overwrite: false });
}

/** Photos that the data set leaves out as unusable are passed over here too. */
function toNullIfUnusable(error: unknown): null {
  if (error instanceof LabError && error.kind === "bad_data") return null;
  throw error;
}

function cropCentre(photo: Photo): Photo {
  const width = Math.min(photo.width, LARGEST_SIDE);
  const height = Math.min(photo.height, LARGEST_SIDE);
  const x = Math.floor((photo.width - width) / 2);
  const y = Math.floor((photo.height - height) / 2);
  return crop(photo, { x, y, width, height });
}
