import { stat } from "node:fs/promises";
import { basename, resolve } from "node:path";

import { findNearestName } from "#main/config/nearestName.ts";
import { type DatasetCard, writeDatasetCard } from "#main/store/datasetCards.ts";
import type { DatasetReport } from "#shared/api/datasets.ts";
import type { Lab } from "#shared/api/lab.ts";
import { LabError } from "#shared/api/labError.ts";

import { findPhotos, type FoundDataset, SAMPLE_NAME, stampFolders } from "./datasetSource.ts";
import type { LabContext } from "./labContext.ts";

type Folders = Pick<DatasetCard, "name" | "folder" | "noisyFolder">;

/** Registers a data set by its folders, or looks again at one that is registered. Throws LabError. */
export async function addDataset(context: LabContext, input: Parameters<Lab["addDataset"]>[0]): Promise<DatasetReport> {
  const folder = resolve(input.folder);
  const noisyFolder = input.noisyFolder === null ? null : resolve(input.noisyFolder);
  const name = input.name ?? basename(folder);
  checkName(name, folder, context.getStore().datasets.find(name));
  const card = await makeCard({ name, folder, noisyFolder });
  await writeDatasetCard(context.paths.datasets, card);
  context.getStore().datasets.put(card);
  return toReport(card, true);
}

/** Lists the registered data sets. Photos are only looked at where a file's name, size or time has changed. */
export async function listDatasets(context: LabContext): Promise<readonly DatasetReport[]> {
  const reports: DatasetReport[] = [];
  for (const card of context.getStore().datasets.list()) reports.push(toReport(card, await isUnchanged(card)));
  return reports;
}

/** Looks at every photo of a registered data set again and compares with the time it was added. Throws LabError. */
export async function verifyDataset(context: LabContext, name: string): Promise<DatasetReport> {
  const card = context.getStore().datasets.find(name);
  if (card === null) throw unknownDataset(context, name);
  const now = await makeCard(card);
  return toReport(now, now.fingerprint === card.fingerprint);
}

/**
 * Finds the photos that a configuration names: the built-in sample set, a registered data set, or a folder. Warns where a
 * registered one has changed. Throws LabError `not_found` with the nearest known name, or as the scan does.
 */
export async function findDataset(context: LabContext, name: string): Promise<FoundDataset> {
  if (name === SAMPLE_NAME) return findPhotos({ name, folder: null, noisyFolder: null });
  const card = context.getStore().datasets.find(name);
  if (card === null) return findPhotos({ name, folder: await findFolder(context, name), noisyFolder: null });
  const found = await findPhotos(card);
  if (found.dataset.fingerprint !== card.fingerprint) {
    context.log(`data set ${name}: its photos changed since it was added; \`hinas data verify ${name}\` tells more`);
  }
  return found;
}

function checkName(name: string, folder: string, taken: DatasetCard | null): void {
  if (name === SAMPLE_NAME) throw new LabError("bad_config", `data: ${name} is the built-in set; choose another name`);
  if (taken === null || taken.folder === folder) return;
  throw new LabError(
    "bad_config",
    `data: ${name} is already the name of ${taken.folder}; choose another for ${folder}`,
  );
}

async function makeCard({ name, folder, noisyFolder }: Folders): Promise<DatasetCard> {
  const stamp = await stampFolders(folder, noisyFolder);
  const { dataset, scan } = await findPhotos({ name, folder, noisyFolder });
  return {
    name,
    folder,
    noisyFolder,
    photos: dataset.photos,
    fingerprint: dataset.fingerprint,
    stamp,
    skipped: [...scan.skipped],
    unmatchedClean: [...scan.unmatchedClean],
    unmatchedNoisy: [...scan.unmatchedNoisy],
    addedAt: new Date().toISOString(),
  };
}

async function isUnchanged(card: DatasetCard): Promise<boolean> {
  try {
    if ((await stampFolders(card.folder, card.noisyFolder)) === card.stamp) return true;
    return (await findPhotos(card)).dataset.fingerprint === card.fingerprint;
  } catch (error) {
    if (error instanceof LabError) return false;
    throw error;
  }
}

function toReport(card: DatasetCard, unchanged: boolean): DatasetReport {
  const { name, folder, noisyFolder, photos, fingerprint, skipped, unmatchedClean, unmatchedNoisy } = card;
  return { name, folder, noisyFolder, photos, fingerprint, skipped, unmatchedClean, unmatchedNoisy, unchanged };
}

async function findFolder(context: LabContext, name: string): Promise<string> {
  const folder = resolve(name);
  const isFolder = await stat(folder).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (!isFolder) throw unknownDataset(context, name);
  return folder;
}

function unknownDataset(context: LabContext, name: string): LabError {
  const known = context
    .getStore()
    .datasets.list()
    .map((card) => card.name);
  const nearest = findNearestName(name, [SAMPLE_NAME, ...known]);
  const hint = nearest === null ? "`hinas data ls` lists the data sets" : `did you mean ${nearest}?`;
  return new LabError("not_found", `data: no data set or folder is named ${name}; ${hint}`);
}
