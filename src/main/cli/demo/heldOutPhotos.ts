import { mkdir } from "node:fs/promises";
import { join } from "node:path";

import { decodePhoto, type DecodedPhoto } from "#main/photos/decodePhoto.ts";
import { encodePhoto } from "#main/photos/encodePhoto.ts";
import { loadPhotos } from "#main/photos/loadPhotos.ts";
import type { DatasetPhoto } from "#main/photos/scanDataset.ts";
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

/** Draws pictures that the sample set does not have and writes them to a folder as PNG files. Returns the files. */
export function writeSampleHeldOut(folder: string): Promise<readonly string[]> {
  const photos = Array.from({ length: HELD_OUT }, (_, i) => generateSamplePhoto(SAMPLE_SET.photos + i, SAMPLE_SET));
  return writePhotos(photos, folder);
}

/**
 * Writes crops of the last photos to a folder as PNG files and returns the files; the photos before them are left for
 * training. Throws a LabError `bad_data` where too few would be left.
 */
export async function writeHeldOutPhotos(photos: readonly DatasetPhoto[], folder: string): Promise<readonly string[]> {
  const count = Math.min(HELD_OUT, photos.length - FEWEST_FOR_TRAINING);
  if (count < 1) {
    const what = `demo: must have at least ${FEWEST_FOR_TRAINING + 1} usable photos, got ${photos.length}`;
    throw new LabError("bad_data", what);
  }
  const crops: Photo[] = [];
  for await (const { clean } of loadPhotos(photos.slice(-count), "colour")) crops.push(cropCentre(clean));
  return writePhotos(crops, folder);
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

function cropCentre(photo: Photo): Photo {
  const width = Math.min(photo.width, LARGEST_SIDE);
  const height = Math.min(photo.height, LARGEST_SIDE);
  const x = Math.floor((photo.width - width) / 2);
  const y = Math.floor((photo.height - height) / 2);
  return crop(photo, { x, y, width, height });
}
