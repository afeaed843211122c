import { createHash } from "node:crypto";
import { readdir, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, resolve } from "node:path";

import { toDiskError } from "#main/files/diskError.ts";
import { fingerprintDataset } from "#main/photos/fingerprintDataset.ts";
import { listPhotos } from "#main/photos/listPhotos.ts";
import {
  type DatasetScan,
  type PhotoWatch,
  scanCleanFolder,
  scanPairs,
  scanSampleSet,
} from "#main/photos/scanDataset.ts";
import { hasPhotoExtension } from "#main/photos/photoFormat.ts";
import { isResult } from "#main/photos/resultName.ts";
import type { RunDataset } from "#main/store/runs/runFiles.ts";
import type { FolderView } from "#shared/api/datasets.ts";

/** Where a data set's photos come from; no folder means the built-in sample set. */
export type DatasetPlace = Pick<RunDataset, "name" | "folder" | "noisyFolder">;

/** A data set that was looked at and is ready to load. */
export interface FoundDataset {
  readonly dataset: RunDataset;
  readonly scan: DatasetScan;
}

/** The name of the built-in sample set. */
export const SAMPLE_NAME = "sample";

/** Looks at every photo of a data set and computes its fingerprint. Throws LabError where there is nothing to use. */
export async function findPhotos(place: DatasetPlace, watch: PhotoWatch | null = null): Promise<FoundDataset> {
  const scan = await scanPlace(place, watch);
  const { name, folder, noisyFolder } = place;
  const fingerprint = await fingerprintDataset(scan.photos);
  return { dataset: { name, folder, noisyFolder, photos: scan.photos.length, fingerprint }, scan };
}

function scanPlace(
  { folder, noisyFolder }: DatasetPlace,
  watch: PhotoWatch | null,
): Promise<DatasetScan> | DatasetScan {
  if (folder === null) return scanSampleSet();
  return noisyFolder === null ? scanCleanFolder(folder, watch) : scanPairs(folder, noisyFolder, watch);
}

/** Computes a value that changes with the name, size or time of any file of the folders; reads no file's content. */
export async function stampFolders(folder: string, noisyFolder: string | null): Promise<string> {
  const hash = createHash("sha256");
  for (const each of noisyFolder === null ? [folder] : [folder, noisyFolder]) {
    const { photos, skipped } = await listPhotos(each);
    for (const { file } of [...photos, ...skipped]) {
      // Of a link that leads nowhere or in a circle, there is its name alone.
      const { size, mtimeMs } = await stat(file).catch(() => ({ size: null, mtimeMs: null }));
      hash.update(`${JSON.stringify([file, size, mtimeMs])}\n`);
    }
  }
  return hash.digest("hex");
}

/** Lists the folders in a folder and counts its photos; hidden ones are passed over. Throws LabError `not_found` or `permission`. */
export async function browseFolder(path: string | null): Promise<FolderView> {
  const folder = resolve(path ?? homedir());
  const entries = await readdir(folder, { withFileTypes: true }).catch((cause: unknown) => {
    throw toDiskError(`look into ${folder}`, cause);
  });
  const shown = entries.filter(({ name }) => !name.startsWith("."));
  const parent = dirname(folder);
  return {
    folder,
    parent: parent === folder ? null : parent,
    folders: shown
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name)
      .toSorted(),
    photos: shown.filter((entry) => !entry.isDirectory() && hasPhotoExtension(entry.name) && !isResult(entry.name))
      .length,
  };
}
