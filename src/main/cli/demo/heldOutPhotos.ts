import { mkdir } from "node:fs/promises";
import { basename, join } from "node:path";

import type { DecodedPhoto } from "#main/photos/decodedPhoto.ts";
import { openPhoto } from "#main/photos/decodePhoto.ts";
import { encodePhoto } from "#main/photos/encodePhoto.ts";
import { loadSide } from "#main/photos/loadPhotos.ts";
import { keepRoom } from "#main/photos/photoRoom.ts";
import { isUnusablePhoto, type DatasetPhoto } from "#main/photos/scanDataset.ts";
import { inThread } from "#main/photos/threads/inThread.ts";
import { type Given, later, type OrLater, partOf } from "#main/photos/threads/later.ts";
import { at } from "#shared/at.ts";
import { LabError } from "#shared/labError.ts";
import type { Noise } from "#shared/image/noise.ts";
import type { Photo } from "#shared/image/photo.ts";
import { SAMPLE_SET, generateSamplePhoto } from "#shared/image/sampleSet.ts";

/** Pictures kept out of training: enough for a mean, few enough to be measured in seconds. */
const HELD_OUT = 4;
/** Photos are cropped to this side, so that a folder of camera photos takes no longer than the sample set. */
const LARGEST_SIDE = 384;
/** Photos taken of a folder: those to train on, as many as the sample set has, and those held out. */
const MOST_PHOTOS = SAMPLE_SET.photos + HELD_OUT;
/** A search halves its photos and keeps one for validation. */
const FEWEST_FOR_TRAINING = 3;

/** Draws pictures that the sample set does not have and writes them to a folder as PNG files. Returns the files. */
export function writeSampleHeldOut(folder: string): Promise<readonly string[]> {
  const photos = Array.from({ length: HELD_OUT }, (_, i) => generateSamplePhoto(SAMPLE_SET.photos + i, SAMPLE_SET));
  return writePhotos(photos, folder, "held-out");
}

/**
 * Writes crops of some photos as PNG files: of the first to the folder to train on, of the last to the folder of held-out
 * ones, whose files it returns. Opens no other photo. Throws a LabError `bad_data` where too few are usable.
 */
export async function writeCrops(
  photos: readonly DatasetPhoto[],
  trainingFolder: string,
  heldOutFolder: string,
): Promise<readonly string[]> {
  const crops: Photo[] = [];
  for (const photo of pickPhotos(photos)) crops.push(...(await cropUsable(photo)));
  const forTraining = Math.max(FEWEST_FOR_TRAINING, crops.length - HELD_OUT);
  if (crops.length <= forTraining) {
    const what = `a demo needs at least ${FEWEST_FOR_TRAINING + 1} usable photos, got ${crops.length}`;
    throw new LabError("bad_data", what);
  }
  await writePhotos(crops.slice(0, forTraining), trainingFolder, "photo");
  return writePhotos(crops.slice(forTraining), heldOutFolder, "held-out");
}

/** The first photos by name, and the last ones to hold out. */
function pickPhotos(photos: readonly DatasetPhoto[]): readonly DatasetPhoto[] {
  return photos.length <= MOST_PHOTOS ? photos : [...photos.slice(0, SAMPLE_SET.photos), ...photos.slice(-HELD_OUT)];
}

/** Loads a photo and cuts its middle out; nothing where the file is no usable photo. */
async function cropUsable(photo: DatasetPhoto): Promise<readonly Photo[]> {
  try {
    return [await keepRoom(async () => inThread("cropMiddle", await loadSide(photo, "clean"), LARGEST_SIDE))];
  } catch (error) {
    if (isUnusablePhoto(error)) return [];
    throw error;
  }
}

/** Adds the noise of a seed to a clean photo file and writes the outcome as a 16-bit PNG file. Throws a LabError. */
export async function writeNoisyPhoto(clean: string, noise: Noise, noiseSeed: number, file: string): Promise<void> {
  await keepRoom(async () => {
    const photo = partOf((await openPhoto(clean)).decoded, "photo");
    const made = later("makeNoisy", { name: basename(clean), clean: photo }, noise, noiseSeed);
    await writePng(partOf(made, "noisy"), file);
  });
}

async function writePhotos(photos: readonly Photo[], folder: string, name: string): Promise<readonly string[]> {
  await mkdir(folder, { recursive: true });
  const digits = String(photos.length).length;
  const files = photos.map((_, i) => join(folder, `${name}-${String(i + 1).padStart(digits, "0")}.png`));
  for (const [i, photo] of photos.entries()) await writePng(photo, at(files, i, "demo: file of a photo"));
  return files;
}

async function writePng(photo: OrLater<Photo>, file: string): Promise<void> {
  const source: Given<DecodedPhoto> = {
    photo,
    alpha: null,
    bitDepth: 16,
    format: "png",
    icc: null,
    exif: null,
    xmp: null,
  };
  await encodePhoto(source, { file, format: "png", bitDepth: 16, overwrite: false });
}
