import { inThread } from "#main/photos/threads/inThread.ts";
import { type DatasetPhoto, isUnusablePhoto } from "#main/photos/scanDataset.ts";
import { splitPhotos } from "#main/photos/splitPhotos.ts";
import type { LeakReport } from "#shared/api/datasets.ts";
import { countDifferentBits, isFlatHash, NEAR_BITS } from "#shared/image/perceptualHash.ts";

import { checkInside, listPhotosOf, type PhotosContext } from "./datasetPhotos.ts";

interface Hashed {
  readonly name: string;
  readonly hash: string;
}

/** Hashes are made at once for so many photos: threads wait for disks. */
const AT_ONCE = 4;
const DEFAULT_VALIDATION_SHARE = 0.02;

/**
 * Finds photos of a test set that are the same pictures as some that are trained on, at whatever size, exposure or compression: by a
 * perceptual hash, closest first. Of one set with itself, the photos kept for validation are held against the others. Throws LabError.
 */
export async function findLeaks(
  context: PhotosContext,
  { training, test }: { readonly training: string; readonly test: string },
): Promise<LeakReport> {
  const seen = await listPhotosOf(context, training);
  const parts = training === test ? splitPhotos(seen, DEFAULT_VALIDATION_SHARE) : null;
  const trained = parts === null ? seen : [...parts.weights, ...parts.architecture];
  const tested = parts === null ? await listPhotosOf(context, test) : parts.validation;
  const [ofTraining, ofTest] = [await hashAll(context, training, trained), await hashAll(context, test, tested)];
  const pairs = ofTest.flatMap((photo) => {
    const near = ofTraining
      .map(({ name, hash }) => ({ training: name, test: photo.name, bits: countDifferentBits(hash, photo.hash) }))
      .filter(({ bits }) => bits < NEAR_BITS);
    return near.toSorted((a, b) => a.bits - b.bits).slice(0, 1);
  });
  return {
    training,
    test,
    compared: { training: ofTraining.length, test: ofTest.length },
    leftOut: trained.length + tested.length - ofTraining.length - ofTest.length,
    pairs: pairs.toSorted((a, b) => a.bits - b.bits),
  };
}

/** Drawn pictures are nobody's photos; flat ones and those that cannot be read tell nothing. */
async function hashAll(
  context: PhotosContext,
  dataset: string,
  photos: readonly DatasetPhoto[],
): Promise<readonly Hashed[]> {
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
  await checkInside(context, dataset, source.cleanFile);
  try {
    const hash = await inThread("hashPhoto", source.cleanFile);
    return isFlatHash(hash) ? null : { name, hash };
  } catch (error) {
    if (isUnusablePhoto(error)) return null;
    throw error;
  }
}
