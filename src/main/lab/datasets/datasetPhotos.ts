import { stat } from "node:fs/promises";

import { toDiskError } from "#main/files/diskError.ts";
import { isInside } from "#main/files/innerPath.ts";
import { readPhotoShape } from "#main/photos/decodePhoto.ts";
import { listDataset } from "#main/photos/listDataset.ts";
import type { DatasetPhoto } from "#main/photos/scanDataset.ts";
import { splitPhotos } from "#main/photos/splitPhotos.ts";
import type { PhotoFacts, PhotoPage, PhotoPart } from "#shared/api/datasets.ts";
import { LabError } from "#shared/labError.ts";
import type { Photo } from "#shared/image/photo.ts";
import { SAMPLE_SET } from "#shared/image/sampleSet.ts";

import { getCard } from "./datasets.ts";
import { SAMPLE_NAME } from "./datasetSource.ts";
import type { LabContext } from "#main/lab/labContext.ts";
import { createLeastRecent, type LeastRecent } from "#main/lab/leastRecent.ts";

/** Listings of data sets that were looked at lately; thumbnails ask for one photo after the other. */
export type PhotoListings = LeastRecent<readonly DatasetPhoto[]>;

/** As many photos as all remembered listings may name. */
const ROOM_PHOTOS = 200_000;
/** A folder is listed anew after this long. */
const FRESH_MS = 15_000;

/** Creates an empty memory of listings. */
export function createPhotoListings(): PhotoListings {
  return createLeastRecent<readonly DatasetPhoto[]>(ROOM_PHOTOS, (photos) => photos.length);
}

/** Lists the photos of a registered data set or of the built-in set, in order, without opening any. Throws LabError. */
export async function listPhotosOf(context: LabContext, dataset: string): Promise<readonly DatasetPhoto[]> {
  if (dataset === SAMPLE_NAME) return listDataset(null, null, new Set());
  const card = getCard(context, dataset);
  const when = Math.floor(Date.now() / FRESH_MS);
  return context.listings.get(`${dataset} ${card.folder} ${card.stamp} ${when}`, () =>
    listDataset(card.folder, card.noisyFolder, new Set(card.skipped.map(({ file }) => file))),
  );
}

/** Finds one photo of a data set. Throws LabError `not_found`. */
export async function findDatasetPhoto(context: LabContext, dataset: string, name: string): Promise<DatasetPhoto> {
  const found = (await listPhotosOf(context, dataset)).find((photo) => photo.name === name);
  if (found === undefined) throw new LabError("not_found", `data: ${dataset} has no photo ${name}`);
  return found;
}

/** Loads one side of a data set's photo as it is, grey or colour. Throws LabError, `permission` where a link leads out. */
export async function loadPhoto(
  context: LabContext,
  dataset: string,
  photo: DatasetPhoto,
  side: "clean" | "noisy",
): Promise<Photo> {
  const { source } = photo;
  if (source.kind === "sample") return context.photos.drawSample(source.index);
  const file = side === "clean" ? source.cleanFile : source.noisyFile;
  if (file === null) throw new LabError("not_found", `data: ${photo.name} has no noisy partner`);
  await checkInside(context, dataset, file);
  return context.photos.decode(file);
}

/** Checks that a data set's file lies inside its folder, wherever links lead. Throws LabError `permission`. */
export async function checkInside(context: LabContext, dataset: string, file: string): Promise<void> {
  const { folder, noisyFolder } = getCard(context, dataset);
  if (await isInside(file, noisyFolder === null ? [folder] : [folder, noisyFolder])) return;
  throw new LabError("permission", `data: ${file} leads out of the folders of ${dataset}`);
}

/** Lists a page of photos with what the heads of their files say. Throws LabError. */
export async function listDatasetPhotos(
  context: LabContext,
  query: { dataset: string; offset: number; limit: number; validationShare: number },
): Promise<PhotoPage> {
  const photos = await listPhotosOf(context, query.dataset);
  const parts = findParts(photos, query.validationShare);
  const page = photos.slice(query.offset, query.offset + query.limit);
  const facts = await Promise.all(page.map((photo) => toFacts(photo, parts?.of.get(photo.name) ?? null)));
  return { total: photos.length, photos: facts, split: parts?.counts ?? null };
}

interface Parts {
  readonly of: ReadonlyMap<string, PhotoPart>;
  readonly counts: Readonly<Record<PhotoPart, number>>;
}

function findParts(photos: readonly DatasetPhoto[], validationShare: number): Parts | null {
  if (photos.length < 3) return null;
  const split = splitPhotos(photos, validationShare);
  const parts = Object.entries(split) as [PhotoPart, readonly DatasetPhoto[]][];
  return {
    of: new Map(parts.flatMap(([part, members]) => members.map(({ name }) => [name, part] as const))),
    counts: {
      weights: split.weights.length,
      architecture: split.architecture.length,
      validation: split.validation.length,
    },
  };
}

async function toFacts({ name, source }: DatasetPhoto, part: PhotoPart | null): Promise<PhotoFacts> {
  if (source.kind === "sample") {
    const { width, height } = SAMPLE_SET;
    return { name, width, height, channels: 3, bitDepth: 8, bytes: null, hasNoisy: false, part };
  }
  const [shape, { size }] = await Promise.all([readPhotoShape(source.cleanFile), statFile(source.cleanFile)]);
  return { name, ...shape, bytes: size, hasNoisy: source.noisyFile !== null, part };
}

async function statFile(file: string): Promise<{ readonly size: number }> {
  return stat(file).catch((cause: unknown) => {
    throw toDiskError(`look at ${file}`, cause);
  });
}
