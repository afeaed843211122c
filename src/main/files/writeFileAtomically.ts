import { open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";

import { toDiskError } from "./diskError.ts";
import { syncFolder } from "./syncFolder.ts";
import { nameTemporaryFile } from "./temporaryFiles.ts";

/** Whoever the person lets read files by the usual mask. */
const SHARED = 0o666;

/**
 * Replaces a file as a whole: readers see the old bytes or the new ones, also after a power cut, never a part.
 * The folder must exist; `mode` says who may read the file. Throws LabError `disk`, `permission` or `not_found` and leaves nothing behind.
 */
export async function writeFileAtomically(
  file: string,
  content: Uint8Array | string,
  mode: number = SHARED,
): Promise<void> {
  const temporary = await nameTemporaryFile(dirname(file));
  try {
    await writeDurably(temporary, content, mode);
    await rename(temporary, file);
    await syncFolder(dirname(file));
  } catch (cause) {
    // What cannot be removed must not hide why the file could not be written.
    await rm(temporary, { force: true }).catch(() => undefined);
    throw toDiskError(`write ${file}`, cause);
  }
}

/** `writeFile` of the handle repeats short writes; a full disk shows as an error, not as a short file. */
export async function writeDurably(file: string, content: Uint8Array | string, mode: number = SHARED): Promise<void> {
  const handle = await open(file, "wx", mode);
  try {
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
}
