import { mkdir, rename } from "node:fs/promises";
import { basename, join } from "node:path";

import { ulid } from "ulid";

import { toDiskError } from "#main/files/diskError.ts";

/** Moves a file or folder into the trash folder, under a name that is still free, and returns where it lies now. */
export async function moveToTrash(trashFolder: string, path: string): Promise<string> {
  const target = join(trashFolder, `${basename(path)}-${ulid()}`);
  try {
    await mkdir(trashFolder, { recursive: true });
    await rename(path, target);
  } catch (cause) {
    throw toDiskError(`move ${path} to the trash`, cause);
  }
  return target;
}
