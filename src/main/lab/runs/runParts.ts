import { createHash } from "node:crypto";

import type { DatasetPhoto } from "#main/photos/scanDataset.ts";
import { getRunPaths, readManifest } from "#main/store/runs/runFolder.ts";
import { readSplitFile } from "#main/store/runs/splitFile.ts";
import { type FindContext, findDataset } from "#main/lab/datasets/datasets.ts";
import { type FoundDataset, findPhotos } from "#main/lab/datasets/datasetSource.ts";
import { LabError } from "#shared/labError.ts";
import { listParts, type RunPart, type RunSplit } from "#shared/runs/runSplit.ts";

import { checkUnchanged } from "./resumeRun.ts";

/** A run by its folder. */
interface RunFolder {
  readonly id: string;
  readonly folder: string;
}

/** Some photos of a run's data set, as they are now. */
export interface FoundPart {
  readonly found: FoundDataset;
  readonly photos: readonly DatasetPhoto[];
  /** Of the contents of the data set and the names of the part. */
  readonly sha256: string;
}

/** Reads which photos have which part in a run; null for a run that was begun before that was written down. Throws LabError. */
export async function readRunSplit({ folder }: Pick<RunFolder, "folder">): Promise<RunSplit | null> {
  return readSplitFile(getRunPaths(folder));
}

/**
 * Finds the photos of some parts of a run where they are now. Throws LabError `bad_config` where the run has no such part, and
 * `bad_data` where its data set is not what it was.
 */
export async function findRunPart(
  context: FindContext,
  run: RunFolder,
  wanted: readonly RunPart[],
): Promise<FoundPart> {
  const split = await readRunSplit(run);
  const names = listParts(split ?? { parts: {} }).flatMap(([part, members]) => (wanted.includes(part) ? members : []));
  if (names.length === 0) throw new LabError("bad_config", describeMissing(run, split, wanted));
  const found = await findDatasetOf(context, run);
  const chosen = new Set(names);
  const { fingerprint } = found.dataset;
  return {
    found,
    photos: found.scan.photos.filter(({ name }) => chosen.has(name)),
    sha256: createHash("sha256")
      .update(JSON.stringify([fingerprint, ...names.toSorted()]))
      .digest("hex"),
  };
}

/** Finds the data set that a run began with; a registered one may lie elsewhere now. */
async function findDatasetOf(context: FindContext, { folder }: RunFolder): Promise<FoundDataset> {
  const manifest = await readManifest(getRunPaths(folder));
  const { dataset } = manifest;
  const card = context.getStore().datasets.find(dataset.name);
  const isKnown = card !== null || dataset.folder === null;
  const found = isKnown ? await findDataset(context, dataset.name) : await findPhotos(dataset);
  checkUnchanged(manifest, found);
  return found;
}

function describeMissing({ id }: RunFolder, split: RunSplit | null, wanted: readonly RunPart[]): string {
  const what = wanted.join(" and ");
  if (split === null) return `run ${id} has no ${what} part: it was begun before runs wrote down their split`;
  const counts = listParts(split).map(([part, { length }]) => `${part} ${length}`);
  return `run ${id} has no ${what} part: data.test was none when it began; its photos are ${counts.join(", ")}`;
}
