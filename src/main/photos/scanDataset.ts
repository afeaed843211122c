import { availableParallelism } from "node:os";
import { resolve } from "node:path";

import { LabError } from "#shared/labError.ts";
import { SAMPLE_SET } from "#shared/image/sampleSet.ts";
import type { PhotoShape } from "./decodedPhoto.ts";
import { inspectPhoto } from "./decodePhoto.ts";
import { type PhotoFile, type SkippedFile, listPhotos } from "./listPhotos.ts";
import { matchPairs } from "./matchPairs.ts";

/** Where a data set's photo comes from. */
export type PhotoSource =
  | { readonly kind: "file"; readonly cleanFile: string; readonly noisyFile: string | null }
  | { readonly kind: "sample"; readonly index: number };

/** A photo of a data set that can be loaded; the name is its identity. */
export interface DatasetPhoto {
  readonly name: string;
  readonly source: PhotoSource;
}

/** What a look at a data set's folders found; photos in the order of their names. */
export interface DatasetScan {
  readonly photos: readonly DatasetPhoto[];
  readonly skipped: readonly SkippedFile[];
  /** For pairs: names found on one side only. */
  readonly unmatchedClean: readonly string[];
  readonly unmatchedNoisy: readonly string[];
}

/** Looks on while photos are gone through: hears how many are done, and may end it early. */
export interface PhotoWatch {
  readonly signal: AbortSignal;
  onPhoto(done: number, total: number): void;
}

/** Finds the usable photos of a folder, decoding each once. Throws LabError bad_data where there is none, permission or disk where the folder cannot be read. */
export async function scanCleanFolder(folder: string, watch: PhotoWatch | null = null): Promise<DatasetScan> {
  const list = await listPhotos(folder);
  const checked = await mapInTurn(list.photos, watch, async ({ name, file }) =>
    keepOrSkip(file, async () => {
      await inspectPhoto(file);
      return { name, source: { kind: "file", cleanFile: file, noisyFile: null } };
    }),
  );
  return buildScan(folder, checked, { skipped: list.skipped, unmatchedClean: [], unmatchedNoisy: [] });
}

/**
 * Finds the usable pairs of a clean and a noisy folder, matched by name, decoding each photo once; photos of a pair must
 * have the same size and channels. Throws LabError as `scanCleanFolder`, and bad_data where both folders are the same.
 */
export async function scanPairs(
  cleanFolder: string,
  noisyFolder: string,
  watch: PhotoWatch | null = null,
): Promise<DatasetScan> {
  if (resolve(cleanFolder) === resolve(noisyFolder)) {
    throw new LabError("bad_data", `pairs need two folders, got ${cleanFolder} for both`);
  }
  const clean = await listPhotos(cleanFolder);
  const noisy = await listPhotos(noisyFolder);
  const match = matchPairs(clean.photos, noisy.photos);
  const checked = await mapInTurn(match.pairs, watch, async (pair) =>
    keepOrSkip(pair.noisy.file, async () => checkPair(pair.clean, pair.noisy)),
  );
  return buildScan(cleanFolder, checked, {
    skipped: [...clean.skipped, ...noisy.skipped],
    unmatchedClean: match.unmatchedClean.map((photo) => photo.name),
    unmatchedNoisy: match.unmatchedNoisy.map((photo) => photo.name),
  });
}

/** Lists the built-in sample set, whose photos are drawn when they are loaded. */
export function scanSampleSet(): DatasetScan {
  const photos = Array.from({ length: SAMPLE_SET.photos }, (_, index) => ({
    name: `sample-${String(index).padStart(3, "0")}`,
    source: { kind: "sample", index } as const,
  }));
  return { photos, skipped: [], unmatchedClean: [], unmatchedNoisy: [] };
}

async function checkPair(clean: PhotoFile, noisy: PhotoFile): Promise<DatasetPhoto> {
  const cleanShape = shapeOf(await inspectPhoto(clean.file));
  const noisyShape = shapeOf(await inspectPhoto(noisy.file));
  if (cleanShape !== noisyShape) {
    throw new LabError(
      "bad_data",
      `pair of ${clean.file}: both must have the same shape, got ${cleanShape} and ${noisyShape}`,
    );
  }
  return { name: clean.name, source: { kind: "file", cleanFile: clean.file, noisyFile: noisy.file } };
}

function shapeOf({ width, height, channels }: PhotoShape): string {
  return `${width}x${height} ${channels === 1 ? "grey" : "colour"}`;
}

/** A photo that data cannot be had from is left out and told; trouble with the disk or memory ends the scan. */
async function keepOrSkip(file: string, check: () => Promise<DatasetPhoto>): Promise<DatasetPhoto | SkippedFile> {
  try {
    return await check();
  } catch (error) {
    if (isUnusablePhoto(error)) return { file, reason: error.message };
    throw error;
  }
}

/** A link that leads nowhere is not found. */
const UNUSABLE: ReadonlySet<LabError["kind"]> = new Set(["bad_data", "permission", "not_found"]);

/** Tells whether this is what decoding throws for a photo that data cannot be had from. */
export function isUnusablePhoto(error: unknown): error is LabError {
  return error instanceof LabError && UNUSABLE.has(error.kind);
}

function buildScan(
  folder: string,
  checked: readonly (DatasetPhoto | SkippedFile)[],
  found: Omit<DatasetScan, "photos">,
): DatasetScan {
  const photos = checked.filter((entry) => "source" in entry);
  const skipped = [...checked.filter((entry) => "reason" in entry), ...found.skipped];
  if (photos.length === 0) {
    const [first] = skipped;
    const detail = first === undefined ? "no name is in both folders" : `the first problem is: ${first.reason}`;
    throw new LabError("bad_data", `photos of ${folder}: expected at least one usable photo, got none; ${detail}`);
  }
  return { ...found, photos, skipped };
}

/** Maps with a few calls under way at a time, so that decoding uses all cores and memory holds few photos. */
async function mapInTurn<In, Out>(
  items: readonly In[],
  watch: PhotoWatch | null,
  work: (item: In) => Promise<Out>,
): Promise<Out[]> {
  const results: Out[] = [];
  const group = availableParallelism();
  for (let start = 0; start < items.length; start += group) {
    watch?.signal.throwIfAborted();
    results.push(...(await Promise.all(items.slice(start, start + group).map(work))));
    watch?.onPhoto(results.length, items.length);
  }
  return results;
}
