import { inThread } from "#main/photos/threads/inThread.ts";
import { type DatasetPhoto, isUnusablePhoto } from "#main/photos/scanDataset.ts";
import { partPhotos } from "#main/photos/partPhotos.ts";
import type { LeakReport } from "#shared/api/datasets.ts";
import type { TestPart } from "#shared/runs/testPartSchema.ts";
import { countDifferentBits, isFlatHash, NEAR_BITS } from "#shared/image/perceptualHash.ts";

import type { ModelContext } from "#main/lab/models/models.ts";
import { findRunPart } from "#main/lab/runs/runParts.ts";
import { findStartOverlaps } from "#main/lab/runs/startOverlaps.ts";
import { getRunPaths, readManifest } from "#main/store/runs/runFolder.ts";
import { readSplitFile } from "#main/store/runs/splitFile.ts";

import { checkInside, listPhotosOf, type PhotosContext } from "./datasetPhotos.ts";
import type { FindContext } from "./datasets.ts";

interface Hashed {
  readonly name: string;
  readonly hash: string;
}

/** Hashes are made at once for so many photos: threads wait for disks. */
const AT_ONCE = 4;
const DEFAULT_VALIDATION_SHARE = 0.02;

/** Photos of a data set that are held against others. */
interface Held {
  readonly dataset: string;
  readonly photos: readonly DatasetPhoto[];
}

/**
 * Finds photos of a test set that are the same pictures as some that are trained on, at whatever size, exposure or compression: by a
 * perceptual hash, closest first. Of one set with itself, the photos kept for validation and for the test are held against the others.
 * Throws LabError.
 */
export async function findLeaks(
  context: PhotosContext,
  {
    training,
    test,
    testPart,
  }: { readonly training: string; readonly test: string; readonly testPart?: TestPart | undefined },
): Promise<LeakReport> {
  const seen = await listPhotosOf(context, training);
  const settings = { validationShare: DEFAULT_VALIDATION_SHARE, test: testPart };
  const parts = training === test ? partPhotos(seen, settings) : null;
  const trained = parts === null ? seen : [...parts.weights, ...parts.architecture];
  const tested = parts === null ? await listPhotosOf(context, test) : [...parts.validation, ...parts.test];
  return compare(context, { dataset: training, photos: trained }, { dataset: test, photos: tested });
}

/**
 * Finds photos that a run validates or is tested on among those that it learns from, as `findLeaks` does, and among those that
 * networks which it begins with learnt from. Throws LabError.
 */
export async function findRunLeaks(
  context: PhotosContext & FindContext & ModelContext,
  run: { readonly id: string; readonly folder: string },
): Promise<LeakReport> {
  const start = await findStart(context, run);
  const trained = await findRunPart(context, run, ["weights", "architecture", "training"]);
  const tested = await findRunPart(context, run, ["validation", "test"]);
  const dataset = trained.found.dataset.name;
  const found = await compare(context, { dataset, photos: trained.photos }, { dataset, photos: tested.photos });
  return { ...found, start };
}

/** As it was when the training began, or where that was not written down, as it is now. */
async function findStart(context: ModelContext, { folder }: { readonly folder: string }): Promise<LeakReport["start"]> {
  const paths = getRunPaths(folder);
  const manifest = await readManifest(paths);
  const split = await readSplitFile(paths);
  if (split === null || manifest.kind === "search") return [];
  const { dataset, config } = manifest;
  return split.start ?? findStartOverlaps(context, config.training.startFrom, { dataset, split });
}

async function compare(context: PhotosContext, training: Held, test: Held): Promise<LeakReport> {
  const [ofTraining, ofTest] = [await hashAll(context, training), await hashAll(context, test)];
  const pairs = ofTest.flatMap((photo) => {
    const near = ofTraining
      .map(({ name, hash }) => ({ training: name, test: photo.name, bits: countDifferentBits(hash, photo.hash) }))
      .filter(({ bits }) => bits < NEAR_BITS);
    return near.toSorted((a, b) => a.bits - b.bits).slice(0, 1);
  });
  return {
    training: training.dataset,
    test: test.dataset,
    compared: { training: ofTraining.length, test: ofTest.length },
    leftOut: training.photos.length + test.photos.length - ofTraining.length - ofTest.length,
    pairs: pairs.toSorted((a, b) => a.bits - b.bits),
    start: [],
  };
}

/** Drawn pictures are nobody's photos; flat ones and those that cannot be read tell nothing. */
async function hashAll(context: PhotosContext, { dataset, photos }: Held): Promise<readonly Hashed[]> {
  const hashed: Hashed[] = [];
  for (let start = 0; start < photos.length; start += AT_ONCE) {
    const some = photos.slice(start, start + AT_ONCE).map((photo) => hashOne(context, dataset, photo));
    hashed.push(...(await Promise.all(some)).flatMap((each) => each ?? []));
  }
  return hashed;
}

async function hashOne(
  context: PhotosContext,
  dataset: string,
  { name, source }: DatasetPhoto,
): Promise<Hashed | null> {
  if (source.kind === "sample") return null;
  // A run may be on a folder that nobody registered.
  if (context.getStore().datasets.find(dataset) !== null) await checkInside(context, dataset, source.cleanFile);
  try {
    const hash = await inThread("hashPhoto", source.cleanFile);
    return isFlatHash(hash) ? null : { name, hash };
  } catch (error) {
    if (isUnusablePhoto(error)) return null;
    throw error;
  }
}
