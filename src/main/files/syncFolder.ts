import { mkdir, open } from "node:fs/promises";
import { dirname } from "node:path";

import { toDiskError } from "./diskError.ts";

/**
 * Makes what was created, renamed or removed in a folder survive a power cut. Windows cannot open folders and needs no such
 * step. Throws the system's error.
 */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === "win32") return;
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Creates a folder with those above it so that they survive a power cut. Throws LabError `disk` or `permission`. */
export async function makeFolder(folder: string): Promise<void> {
  try {
    const first = await mkdir(folder, { recursive: true });
    if (first === undefined) return;
    for (let made = folder; made.length >= first.length; made = dirname(made)) await syncFolder(dirname(made));
  } catch (cause) {
    throw toDiskError(`create ${folder}`, cause);
  }
}
