import { randomBytes } from "node:crypto";
import { open, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

import { toDiskError } from "./diskError.ts";
import { syncFolder } from "./syncFolder.ts";

/** The name of a file that is being written, with the name that it is to get; it stays where the process is killed. */
export const TEMPORARY_FILE = /^\.(.+)\.[0-9a-f]{12}\.tmp$/;

/**
 * Replaces a file as a whole: readers see the old bytes or the new ones, also after a power cut, never a part.
 * The folder must exist. Throws LabError `disk`, `permission` or `not_found` and leaves nothing behind.
 */
export async function writeFileAtomically(file: string, content: Uint8Array | string): Promise<void> {
  const temporary = join(dirname(file), `.${basename(file)}.${randomBytes(6).toString("hex")}.tmp`);
  try {
    await writeDurably(temporary, content);
    await rename(temporary, file);
    await syncFolder(dirname(file));
  } catch (cause) {
    await rm(temporary, { force: true });
    throw toDiskError(`write ${file}`, cause);
  }
}

/** `writeFile` of the handle repeats short writes; a full disk shows as an error, not as a short file. */
async function writeDurably(file: string, content: Uint8Array | string): Promise<void> {
  const handle = await open(file, "wx");
  try {
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
}
