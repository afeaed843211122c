import { randomBytes } from "node:crypto";
import { type FileHandle, open, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

import { toDiskError } from "./diskError.ts";

/** The name of a file that is being written, with the beginning of the name that it is to get; it stays where the process is killed. */
export const TEMPORARY_FILE = /^\.(.+)\.[0-9a-f]{12}\.tmp$/;

/** Whoever the person lets read files by the usual mask. */
const SHARED = 0o666;

/** A character takes up to four bytes of the 255 that a name may have. */
const SHOWN_CHARACTERS = 32;

/**
 * Replaces a file as a whole: readers see the old bytes or the new ones, also after a power cut, never a part.
 * The folder must exist; `mode` says who may read the file. Throws LabError `disk`, `permission` or `not_found` and leaves nothing behind.
 */
export async function writeFileAtomically(
  file: string,
  content: Uint8Array | string,
  mode: number = SHARED,
): Promise<void> {
  const temporary = join(dirname(file), nameTemporary(file));
  try {
    await writeDurably(temporary, content, mode);
    await rename(temporary, file);
    await syncFolder(dirname(file));
  } catch (cause) {
    // What went wrong first is what is told.
    await rm(temporary, { force: true }).catch(() => null);
    throw toDiskError(`write ${file}`, cause);
  }
}

/** A name of its own, which is not longer than names may be where the file's is not; of a long one it shows the beginning. */
function nameTemporary(file: string): string {
  const shown = Array.from(basename(file)).slice(0, SHOWN_CHARACTERS).join("");
  return `.${shown}.${randomBytes(6).toString("hex")}.tmp`;
}

/** `writeFile` of the handle repeats short writes; a full disk shows as an error, not as a short file. */
async function writeDurably(file: string, content: Uint8Array | string, mode: number): Promise<void> {
  const handle = await open(file, "wx", mode);
  try {
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Makes the rename itself durable. Windows cannot open folders and needs no such step. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === "win32") return;
  const handle: FileHandle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
