import { existsSync } from "node:fs";
import { stat } from "node:fs/promises";
import { basename, resolve } from "node:path";

import { findNearestName } from "#main/config/nearestName.ts";
import { listDataset } from "#main/photos/listDataset.ts";
import type { PhotoWatch } from "#main/photos/scanDataset.ts";
import type { CardFolder } from "#main/store/cards/cards.ts";
import type { DatasetCard } from "#main/store/cards/datasetCards.ts";
import type { Store } from "#main/store/openStore.ts";
import type { DatasetReport } from "#shared/api/datasets.ts";
import type { Lab } from "#shared/api/lab.ts";
import { LabError } from "#shared/labError.ts";
import type { Download } from "#shared/api/publicSets.ts";
import type { Task } from "#shared/api/tasks.ts";

import { findPhotos, type FoundDataset, SAMPLE_NAME, stampFolders } from "./datasetSource.ts";
import type { Changes } from "#main/lab/changes.ts";
import type { TaskBoard, TaskWork } from "#main/lab/tasks/tasks.ts";

/** Where registered data sets are looked up. */
export interface DatasetsOfStore {
  getStore(): Pick<Store, "datasets">;
}

/** What a data set that a configuration names is found with. */
export interface FindContext extends DatasetsOfStore {
  readonly log: (line: string) => void;
}

/** What data sets are registered and looked after with. */
export interface DatasetContext extends DatasetsOfStore {
  readonly tasks: Pick<TaskBoard, "start">;
  readonly changes: Pick<Changes, "tell">;
  readonly cards: { readonly datasets: CardFolder<DatasetCard> };
  /** Whether a data set's photos were the same when they had a certain stamp, by fingerprint and stamp. */
  readonly lookedAt: Map<string, boolean>;
}

type Folders = Pick<DatasetCard, "name" | "folder" | "noisyFolder">;
type NewDataset = Parameters<Lab["addDataset"]>[0];

/** Registers a data set by its folders, or looks again at one that is registered. Throws LabError. */
export async function addDataset(
  context: DatasetContext,
  input: NewDataset,
  watch: PhotoWatch | null = null,
  download: Download | null = null,
): Promise<DatasetReport> {
  const folders = toFolders(input);
  const known = context.getStore().datasets.find(folders.name);
  checkName(folders, known);
  const { formerNames = [], download: earlier = null } = known ?? {}; // of a new one none
  const card = { ...(await makeCard(folders, watch)), formerNames, download: download ?? earlier };
  await keep(context, card);
  return toReport(card, true);
}

/** Registers a data set in the background. Throws LabError for a name that is taken; what is wrong with the photos, the task tells. */
export function importDataset(context: DatasetContext, input: NewDataset): Task {
  const folders = toFolders(input);
  checkName(folders, context.getStore().datasets.find(folders.name));
  return context.tasks.start({
    kind: "import",
    title: folders.name,
    work: async (work) => {
      await addDataset(context, input, toWatch(work));
      return { kind: "import", dataset: folders.name };
    },
  });
}

/** Lists the registered data sets. Photos are only looked at where a file's name, size or time has changed. */
export async function listDatasets(context: DatasetContext): Promise<readonly DatasetReport[]> {
  const reports: DatasetReport[] = [];
  for (const card of context.getStore().datasets.list()) reports.push(toReport(card, await isUnchanged(context, card)));
  return reports;
}

/** Lists the folders of all registered data sets. */
export function listFolders(context: DatasetsOfStore): readonly string[] {
  const cards = context.getStore().datasets.list();
  return cards.flatMap(({ folder, noisyFolder }) => (noisyFolder === null ? [folder] : [folder, noisyFolder]));
}

/** Lists the names of all data sets, the built-in one first. */
export function listNames(context: DatasetsOfStore): readonly string[] {
  const cards = context.getStore().datasets.list();
  return [SAMPLE_NAME, ...cards.map(({ name }) => name)];
}

/** Looks at every photo of a registered data set again and compares with the time it was added. Throws LabError. */
export async function verifyDataset(
  context: DatasetContext,
  name: string,
  watch: PhotoWatch | null = null,
): Promise<DatasetReport> {
  const card = getCard(context, name);
  const now = await makeCard(card, watch);
  return toReport(
    { ...now, formerNames: card.formerNames, download: card.download, addedAt: card.addedAt },
    now.fingerprint === card.fingerprint,
  );
}

/** Takes note that a data set's photos lie elsewhere now. Throws LabError `bad_data` where other photos lie there. */
export async function relocateDataset(
  context: DatasetContext,
  name: string,
  folders: Pick<DatasetCard, "folder" | "noisyFolder">,
): Promise<DatasetReport> {
  const card = getCard(context, name);
  const moved = await makeCard(toFolders({ name: card.name, ...folders }), null);
  if (moved.fingerprint !== card.fingerprint) {
    const counts = `${card.photos} photos that were added as ${name}, got ${moved.photos} others`;
    throw new LabError("bad_data", `${moved.folder} must hold the same ${counts}; add them as a new data set`);
  }
  const kept = { ...moved, formerNames: card.formerNames, download: card.download, addedAt: card.addedAt };
  await keep(context, kept);
  return toReport(kept, true);
}

/**
 * Gives a registered data set another name; runs that name it by the old one still find it. Throws LabError `bad_config` for a name that is
 * taken, `not_found` for an unknown data set.
 */
export async function renameDataset(context: DatasetContext, name: string, wanted: string): Promise<DatasetReport> {
  const card = getCard(context, name);
  const taken = context.getStore().datasets.find(wanted);
  // One's own former name is free again.
  checkName({ ...card, name: wanted }, taken?.name === card.name ? null : taken);
  const formerNames = [...card.formerNames, card.name].filter((former) => former !== wanted);
  const renamed = { ...card, name: wanted, formerNames: [...new Set(formerNames)] };
  await keep(context, renamed);
  if (wanted !== card.name) {
    await context.cards.datasets.remove(card.name);
    context.getStore().datasets.remove(card.name);
    context.changes.tell({ kind: "stale", topic: "datasets" });
  }
  return toReport(renamed, await isUnchanged(context, renamed));
}

/** Forgets a registered data set; its photos stay. Throws LabError `not_found`. */
export async function removeDataset(context: DatasetContext, name: string): Promise<void> {
  const card = getCard(context, name);
  await context.cards.datasets.remove(card.name);
  context.getStore().datasets.remove(card.name);
  context.changes.tell({ kind: "stale", topic: "datasets" });
}

/**
 * Finds the photos that a configuration names: the built-in sample set, a registered data set, or a folder. Warns where a
 * registered one has changed. Throws LabError `not_found` with the nearest known name, or as the scan does.
 */
export async function findDataset(context: FindContext, name: string): Promise<FoundDataset> {
  if (name === SAMPLE_NAME) return findPhotos({ name, folder: null, noisyFolder: null });
  const card = context.getStore().datasets.find(name);
  if (card === null) return findPhotos({ name, folder: await findFolder(context, name), noisyFolder: null });
  refuseMissing(card);
  if ((await stampFolders(card.folder, card.noisyFolder)) === card.stamp) return openUnchanged(card);
  const found = await findPhotos(card);
  if (found.dataset.fingerprint !== card.fingerprint) {
    context.log(`data set ${name}: its photos changed since it was added; \`hinas data verify ${name}\` tells more`);
  }
  return found;
}

/** A data set none of whose files has changed need not be decoded to know what is usable. */
async function openUnchanged(card: DatasetCard): Promise<FoundDataset> {
  const { name, folder, noisyFolder, photos, fingerprint, skipped, unmatchedClean, unmatchedNoisy } = card;
  const leftOut = new Set(skipped.map(({ file }) => file));
  const scan = { photos: await listDataset(folder, noisyFolder, leftOut), skipped, unmatchedClean, unmatchedNoisy };
  return { dataset: { name, folder, noisyFolder, photos, fingerprint }, scan };
}

/** Throws LabError `not_found` where a folder is not there, as on a disk that is not mounted; says what can be done. */
function refuseMissing({ name, folder, noisyFolder }: DatasetCard): void {
  const missing = [folder, noisyFolder].find((each) => each !== null && !existsSync(each));
  if (missing === undefined) return;
  const advice = "bring it back, or tell in the room of data sets where it is now";
  throw new LabError("not_found", `data set ${name}: its folder ${missing} is not there; ${advice}`);
}

/** Returns the card of a registered data set. Throws LabError `not_found` with the nearest known name. */
export function getCard(context: DatasetsOfStore, name: string): DatasetCard {
  const card = context.getStore().datasets.find(name);
  if (card === null) throw unknownDataset(context, name);
  return card;
}

function toFolders(input: NewDataset): Folders {
  const folder = resolve(input.folder);
  const noisyFolder = input.noisyFolder === null ? null : resolve(input.noisyFolder);
  return { name: input.name ?? basename(folder), folder, noisyFolder };
}

/** Throws LabError `bad_config` where a name is another data set's. */
export function checkName({ name, folder }: Pick<Folders, "name" | "folder">, taken: DatasetCard | null): void {
  if (name === SAMPLE_NAME) throw new LabError("bad_config", `${name} is the built-in set; choose another name`);
  if (taken === null || taken.folder === folder) return;
  throw new LabError("bad_config", `${name} is already the name of ${taken.folder}; choose another for ${folder}`);
}

async function keep(context: DatasetContext, card: DatasetCard): Promise<void> {
  await context.cards.datasets.write(card.name, card);
  context.getStore().datasets.put(card);
  context.changes.tell({ kind: "stale", topic: "datasets" });
}

function toWatch({ signal, report }: TaskWork): PhotoWatch {
  const tell = (done: number, total: number): void =>
    report({ share: total === 0 ? 0 : done / total, done, total, unit: "photos", current: null });
  tell(0, 0);
  return { signal, onPhoto: tell };
}

async function makeCard({ name, folder, noisyFolder }: Folders, watch: PhotoWatch | null): Promise<DatasetCard> {
  const stamp = await stampFolders(folder, noisyFolder);
  const { dataset, scan } = await findPhotos({ name, folder, noisyFolder }, watch);
  return {
    name,
    formerNames: [],
    folder,
    noisyFolder,
    photos: dataset.photos,
    fingerprint: dataset.fingerprint,
    stamp,
    skipped: [...scan.skipped],
    unmatchedClean: [...scan.unmatchedClean],
    unmatchedNoisy: [...scan.unmatchedNoisy],
    download: null,
    addedAt: new Date().toISOString(),
  };
}

async function isUnchanged({ lookedAt }: Pick<DatasetContext, "lookedAt">, card: DatasetCard): Promise<boolean> {
  try {
    const stamp = await stampFolders(card.folder, card.noisyFolder);
    const look = `${card.fingerprint} ${stamp}`;
    const known = stamp === card.stamp ? true : lookedAt.get(look);
    if (known !== undefined) return known;
    const unchanged = (await findPhotos(card)).dataset.fingerprint === card.fingerprint;
    lookedAt.set(look, unchanged);
    return unchanged;
  } catch (error) {
    if (error instanceof LabError) return false;
    throw error;
  }
}

function toReport(card: DatasetCard, unchanged: boolean): DatasetReport {
  const { name, folder, noisyFolder, photos, fingerprint, skipped, unmatchedClean, unmatchedNoisy } = card;
  const isMissing = [folder, noisyFolder].some((each) => each !== null && !existsSync(each));
  const found = { skipped, unmatchedClean, unmatchedNoisy };
  const { download, addedAt } = card;
  return { name, folder, noisyFolder, photos, fingerprint, ...found, unchanged, isMissing, download, addedAt };
}

/** Says what is wrong with the name of a data set or folder, with the nearest known name; null where it can be found. */
export async function describeUnknownDataset(context: DatasetsOfStore, name: string): Promise<string | null> {
  if (isKnown(context, name)) return null;
  return findFolder(context, name).then(
    () => null,
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
}

/** Finds the folder that a run on this name would register first; null where the name is known. Throws LabError `not_found`. */
export async function findNewFolder(context: DatasetsOfStore, name: string): Promise<string | null> {
  return isKnown(context, name) ? null : findFolder(context, name);
}

function isKnown(context: DatasetsOfStore, name: string): boolean {
  return name === SAMPLE_NAME || context.getStore().datasets.find(name) !== null;
}

async function findFolder(context: DatasetsOfStore, name: string): Promise<string> {
  const folder = resolve(name);
  const isFolder = await stat(folder).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (!isFolder) throw unknownDataset(context, name);
  return folder;
}

function unknownDataset(context: DatasetsOfStore, name: string): LabError {
  const nearest = findNearestName(name, listNames(context));
  const hint = nearest === null ? "`hinas data ls` lists the data sets" : `did you mean ${nearest}?`;
  return new LabError("not_found", `no data set or folder is named ${name}; ${hint}`);
}
