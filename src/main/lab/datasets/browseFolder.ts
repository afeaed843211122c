import { readdir } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, resolve } from "node:path";

import { toDiskError } from "#main/files/diskError.ts";
import { hasPhotoExtension } from "#main/photos/photoFormat.ts";
import { isResult } from "#main/photos/resultName.ts";
import type { FolderView } from "#shared/api/datasets.ts";

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
