import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";

import { decodeTime, isValid } from "ulid";

import { TEMPORARY_FILE } from "#main/files/writeFileAtomically.ts";

import type { RunPaths } from "#main/store/runs/runFolder.ts";

/** Making a run folder takes a moment; one that is still unfinished after this long was left by a process that died. */
const ABANDONED_MS = 60 * 60_000;

/**
 * Removes the half-written files that a killed owner left in a run folder. To be called by the new owner: only what nobody
 * but an owner writes is touched, for any process may leave orders, genotypes and evaluations at any time.
 */
export async function removeLeftoversOfRun({ folder, checkpoints, images }: RunPaths): Promise<void> {
  for (const place of [folder, checkpoints, images]) {
    await removeWhere(place, (name) => {
      const target = TEMPORARY_FILE.exec(name)?.[1];
      return target !== undefined && target !== "control.json";
    });
  }
}

/** Removes the folders of runs that were never finished being made, because their process died. */
export async function removeUnfinishedRuns(runsFolder: string): Promise<void> {
  await removeWhere(runsFolder, (name) => {
    const id = /^\.new-(.+)$/.exec(name)?.[1];
    return id !== undefined && isValid(id) && Date.now() - decodeTime(id) > ABANDONED_MS;
  });
}

/** What is missing or cannot be removed does no harm and stops nobody. */
async function removeWhere(folder: string, isLeftover: (name: string) => boolean): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  const leftovers = names.filter(isLeftover).map((name) => join(folder, name));
  await Promise.allSettled(leftovers.map((leftover) => rm(leftover, { recursive: true, force: true })));
}
