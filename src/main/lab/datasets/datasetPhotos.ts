import { stat } from "node:fs/promises";

import { LRUCache } from "lru-cache";

import { toDiskError } from "#main/files/diskError.ts";
import { isInside } from "#main/files/innerPath.ts";
import { readPhotoShape } from "#main/photos/decodePhoto.ts";
import { listDataset } from "#main/photos/listDataset.ts";
import { loadNamed, loadSide, type NamedLater, type PhotoReader } from "#main/photos/loadPhotos.ts";
import { type DatasetPhoto, isUnusablePhoto } from "#main/photos/scanDataset.ts";
import type { OrLater } from "#main/photos/threads/later.ts";
import { type PartSettings, partPhotos } from "#main/photos/partPhotos.ts";
import type { PhotoFacts, PhotoPage, PhotoPart } from "#shared/api/datasets.ts";
import { LabError } from "#shared/labError.ts";
import type { Photo } from "#shared/image/photo.ts";
import { SAMPLE_SET } from "#shared/image/sampleSet.ts";

import { type DatasetsOfStore, getCard } from "./datasets.ts";
import { SAMPLE_NAME } from "./datasetSource.ts";

/** Listings of data sets that were looked at lately; thumbnails ask for one photo after the other. */
export type PhotoListings = ReturnType<typeof createPhotoListings>;

/** What the photos of data sets are listed and loaded with. */
export interface PhotosContext extends DatasetsOfStore {
  readonly listings: PhotoListings;
  readonly photos: PhotoReader;
}

/** As many photos as all remembered listings may name. */
const ROOM_PHOTOS = 200_000;
/** A folder is listed anew after this long. */
const FRESH_MS = 15_000;

/** Creates an empty memory of listings. */
export function createPhotoListings() {
  return new LRUCache<string, readonly DatasetPhoto[], () => Promise<readonly DatasetPhoto[]>>({
    maxSize: ROOM_PHOTOS,
    sizeCalculation: (photos) => Math.max(1, photos.length),
    fetchMethod: (_key, _known, { context: list }) => list(),
    ignoreFetchAbort: true,
  });
}

/** Lists the photos of a registered data set or of the built-in set, in order, without opening any. Throws LabError. */
export async function listPhotosOf(context: PhotosContext, dataset: string): Promise<readonly DatasetPhoto[]> {
  if (dataset === SAMPLE_NAME) return listDataset(null, null, new Set());
  const card = getCard(context, dataset);
  const when = Math.floor(Date.now() / FRESH_MS);
  return context.listings.forceFetch(`${dataset} ${card.folder} ${card.stamp} ${when}`, {
    context: () => listDataset(card.folder, card.noisyFolder, new Set(card.skipped.map(({ file }) => file))),
  });
}

/** Finds one photo of a data set. Throws LabError `not_found`. */
export async function findDatasetPhoto(context: PhotosContext, dataset: string, name: string): Promise<DatasetPhoto> {
  const found = (await listPhotosOf(context, dataset)).find((photo) => photo.name === name);
  if (found === undefined) throw new LabError("not_found", `${dataset} has no photo ${name}`);
  return found;
}

/** Opens one side of a data set's photo as it is, grey or colour, inside of `keepRoom`. Throws LabError, `permission` where a link leads out. */
export async function loadPhoto(
  context: PhotosContext,
  dataset: string,
  photo: DatasetPhoto,
  side: "clean" | "noisy",
): Promise<OrLater<Photo>> {
  await checkSource(context, dataset, photo, [side]);
  return loadSide(photo, side, context.photos);
}

/** Opens a data set's photo in grey or colour, with its noisy partner where it has one. Throws as `loadPhoto` does. */
export async function loadPair(
  context: PhotosContext,
  dataset: string,
  photo: DatasetPhoto,
  channels: 1 | 3,
): Promise<NamedLater> {
  await checkSource(context, dataset, photo, ["clean", "noisy"]);
  return loadNamed(photo, channels, context.photos);
}

async function checkSource(
  context: DatasetsOfStore,
  dataset: string,
  { source }: DatasetPhoto,
  sides: readonly ("clean" | "noisy")[],
): Promise<void> {
  if (source.kind === "sample") return;
  for (const side of sides) {
    const file = side === "clean" ? source.cleanFile : source.noisyFile;
    if (file !== null) await checkInside(context, dataset, file);
  }
}

/** Checks that a data set's file lies inside its folder, wherever links lead. Throws LabError `permission`. */
export async function checkInside(context: DatasetsOfStore, dataset: string, file: string): Promise<void> {
  const { folder, noisyFolder } = getCard(context, dataset);
  if (await isInside(file, noisyFolder === null ? [folder] : [folder, noisyFolder])) return;
  throw new LabError("permission", `${file} leads out of the folders of ${dataset}`);
}

/** Lists a page of photos with what the heads of their files say. Throws LabError. */
export async function listDatasetPhotos(
  context: PhotosContext,
  query: { dataset: string; offset: number; limit: number } & PartSettings,
): Promise<PhotoPage> {
  const photos = await listPhotosOf(context, query.dataset);
  const parts = findParts(photos, query);
  const page = photos.slice(query.offset, query.offset + query.limit);
  const facts = await Promise.all(page.map((photo) => toFacts(photo, parts?.of.get(photo.name) ?? null)));
  return { total: photos.length, photos: facts, split: parts?.counts ?? null };
}

interface Parts {
  readonly of: ReadonlyMap<string, PhotoPart>;
  readonly counts: Readonly<Record<PhotoPart, number>>;
}

function findParts(photos: readonly DatasetPhoto[], settings: PartSettings): Parts | null {
  if (photos.length < 3) return null;
  const split = partPhotos(photos, settings);
  const parts = Object.entries(split) as [PhotoPart, readonly DatasetPhoto[]][];
  return {
    of: new Map(parts.flatMap(([part, members]) => members.map(({ name }) => [name, part] as const))),
    counts: {
      weights: split.weights.length,
      architecture: split.architecture.length,
      validation: split.validation.length,
      test: split.test.length,
    },
  };
}

async function toFacts({ name, source }: DatasetPhoto, part: PhotoPart | null): Promise<PhotoFacts> {
  if (source.kind === "sample") {
    const { width, height } = SAMPLE_SET;
    return { name, width, height, channels: 3, bitDepth: 8, problem: null, bytes: null, hasNoisy: false, part };
  }
  const known = { name, hasNoisy: source.noisyFile !== null, part };
  try {
    const [shape, { size }] = await Promise.all([readPhotoShape(source.cleanFile), statFile(source.cleanFile)]);
    return { ...known, ...shape, problem: null, bytes: size };
  } catch (error) {
    // A photo that was changed or taken away since does not keep the others from being seen.
    if (!isUnusablePhoto(error)) throw error;
    return { ...known, width: null, height: null, channels: null, bitDepth: null, problem: error.message, bytes: null };
  }
}

async function statFile(file: string): Promise<{ readonly size: number }> {
  return stat(file).catch((cause: unknown) => {
    throw toDiskError(`look at ${file}`, cause);
  });
}
