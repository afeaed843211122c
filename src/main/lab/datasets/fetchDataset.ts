import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { basename, join } from "node:path";

import { toDiskError } from "#main/files/diskError.ts";
import { hashFile } from "#main/files/hashFile.ts";
import { makeFolder } from "#main/files/syncFolder.ts";
import type { PhotoWatch } from "#main/photos/scanDataset.ts";
import type { DatasetCard } from "#main/store/cards/datasetCards.ts";
import type { DatasetReport, OfferedSet } from "#shared/api/datasets.ts";
import type { Download } from "#shared/api/publicSets.ts";
import type { Task, TaskProgress } from "#shared/api/tasks.ts";
import { LabError } from "#shared/labError.ts";

import { addDataset, checkName, type DatasetContext } from "./datasets.ts";
import { downloadFile } from "./downloadFile.ts";
import { findPublicSet, type KnownSet } from "./publicSets.ts";
import { unpackPhotos } from "./unpackPhotos.ts";

/** What downloading public sets needs of the lab. */
export interface FetchContext extends DatasetContext {
  /** The table of sets that can be fetched. */
  readonly publicSets: readonly KnownSet[];
  readonly paths: { readonly publicSets: string };
}

/** Which set is fetched. */
export interface FetchWish {
  readonly name: string;
  /** Downloads a set anew that is there already, and compares it with the first download. */
  readonly again: boolean;
}

/** What hears of a download, and ends it; what came until then stays for the next one. */
export interface FetchWatch {
  readonly signal: AbortSignal;
  report(progress: TaskProgress): void;
}

const BYTES_PER_MB = 1e6;
/** The table knows sizes roughly. */
const MOST_DOWNLOADED = 2;
/** Photos are packed already, so that an archive of them hardly shrinks. */
const MOST_UNPACKED = 10;
const MOST_FILES = 20_000;

/**
 * Downloads a public set into the lab's home, goes on with a download that was cut, compares its SHA-256 with the one that is known, and adds it
 * as a data set. Throws LabError `not_found` for an unknown set, `bad_config` where it is there already, `bad_data` where something else came
 * than is known, and as `downloadFile` and `unpackPhotos` do.
 */
export async function fetchDataset(context: FetchContext, wish: FetchWish, watch: FetchWatch): Promise<DatasetReport> {
  const { set, folder, known } = check(context, wish);
  const downloads = `${folder}.download`;
  const unpacked = `${folder}.unpacked`;
  await makeFolder(downloads);
  const files = await download(set, downloads, watch);
  const sha256 = await hashAll(files);
  const expected = expectHash(set, known);
  if (expected !== null && expected.sha256 !== sha256) {
    // What is not the same is no beginning of the right one.
    await rm(downloads, { recursive: true, force: true });
    const what = `must have the SHA-256 ${expected.sha256}, ${expected.whose}, got ${sha256}`;
    throw new LabError("bad_data", `${set.name} ${what}; it was thrown away, and nothing was changed`);
  }
  await rm(unpacked, { recursive: true, force: true });
  await putPhotos(set, files, unpacked);
  await replaceFolder(folder, unpacked);
  await rm(downloads, { recursive: true, force: true });
  const address = addressesOf(set)[0] ?? set.page; // no set is without an address
  const facts: Download = { address, sha256, isCompared: expected !== null, at: new Date().toISOString() };
  return addDataset(context, { name: set.name, folder, noisyFolder: null }, toPhotoWatch(watch), facts);
}

/** Does the same in the background. Throws LabError for what can be told at once. */
export function startFetch(context: FetchContext, wish: FetchWish): Task {
  const { set } = check(context, wish);
  return context.tasks.start({
    kind: "import",
    title: set.name,
    work: async (work) => {
      await fetchDataset(context, wish, work);
      return { kind: "import", dataset: set.name };
    },
  });
}

/** Lists the public sets, and which are here. */
export function listPublicSets({
  getStore,
  publicSets,
}: Pick<FetchContext, "getStore" | "publicSets">): readonly OfferedSet[] {
  const here = getStore().datasets;
  return publicSets.map(({ name, photos, megabytes, use, licence, page }) => {
    return { name, photos, megabytes, use, licence, page, isHere: here.find(name) !== null };
  });
}

interface Checked {
  readonly set: KnownSet;
  readonly folder: string;
  readonly known: DatasetCard | null;
}

function check(context: FetchContext, { name, again }: FetchWish): Checked {
  const set = findPublicSet(name, context.publicSets);
  const folder = join(context.paths.publicSets, set.name);
  const known = context.getStore().datasets.find(set.name);
  checkName({ name: set.name, folder }, known);
  if (known !== null && !again) {
    throw new LabError(
      "bad_config",
      `${set.name} is there already; \`hinas data fetch ${set.name} --again\` downloads it anew`,
    );
  }
  return { set, folder, known };
}

function addressesOf({ source }: KnownSet): readonly string[] {
  return source.kind === "archive" ? [source.address] : source.addresses;
}

/** Downloads what is not here yet; returns all files. */
async function download(set: KnownSet, folder: string, { signal, report }: FetchWatch): Promise<readonly string[]> {
  const addresses = addressesOf(set);
  const files = addresses.map((address) => join(folder, basename(new URL(address).pathname)));
  const isOne = addresses.length === 1;
  for (const [index, address] of addresses.entries()) {
    const file = join(folder, basename(new URL(address).pathname));
    const current = { name: basename(file), tilesDone: 0, tilesTotal: 1 };
    if (!isOne)
      report({ share: index / addresses.length, done: index, total: addresses.length, unit: "photos", current });
    if (existsSync(file)) continue;
    const onBytes = (bytes: number, all: number | null): void => {
      const total = Math.max(bytes, all ?? set.megabytes * BYTES_PER_MB);
      const toMb = (count: number): number => Math.round(count / BYTES_PER_MB);
      if (isOne) report({ share: bytes / total, done: toMb(bytes), total: toMb(total), unit: "MB", current });
    };
    const mostBytes = MOST_DOWNLOADED * set.megabytes * BYTES_PER_MB;
    await downloadFile(address, file, { signal, mostBytes, onBytes });
  }
  return files;
}

/** Of one file its SHA-256; of several that of the list that `sha256sum` prints of them. */
async function hashAll(files: readonly string[]): Promise<string> {
  const [first, ...others] = files;
  if (first !== undefined && others.length === 0) return hashFile(first);
  const list = createHash("sha256");
  for (const file of files) list.update(`${await hashFile(file)}  ${basename(file)}\n`);
  return list.digest("hex");
}

/** The checksum that must come; null where none is known, which nobody makes up. */
function expectHash(
  { sha256 }: KnownSet,
  known: DatasetCard | null,
): { readonly sha256: string; readonly whose: string } | null {
  if (sha256 !== null) return { sha256, whose: "as its publishers say" };
  const before = known?.download ?? null;
  return before === null ? null : { sha256: before.sha256, whose: `as when it was first downloaded (${before.at})` };
}

async function putPhotos({ source, megabytes }: KnownSet, files: readonly string[], folder: string): Promise<void> {
  await makeFolder(folder);
  if (source.kind === "files") {
    for (const file of files) await rename(file, join(folder, basename(file)));
    return;
  }
  const limits = { mostBytes: MOST_UNPACKED * megabytes * BYTES_PER_MB, mostFiles: MOST_FILES };
  const [archive = ""] = files;
  await unpackPhotos(archive, source.inside, folder, limits).catch(async (cause: unknown) => {
    // Half a set is none, and what cannot be unpacked once never can.
    await Promise.all([folder, archive].map((each) => rm(each, { recursive: true, force: true })));
    throw cause;
  });
}

async function replaceFolder(folder: string, by: string): Promise<void> {
  try {
    await rm(folder, { recursive: true, force: true });
    await rename(by, folder);
  } catch (cause) {
    throw toDiskError(`replace ${folder}`, cause);
  }
}

/** Looking at the photos comes after the download, and is quick beside it. */
function toPhotoWatch({ signal, report }: FetchWatch): PhotoWatch {
  return {
    signal,
    onPhoto: (done, total) => report({ share: done / total, done, total, unit: "photos", current: null }),
  };
}
