import { decodeTime, isValid } from "ulid";

import { isOwnerGone, OWNER_TAG } from "#main/files/processIdentity.ts";
import { isLeftHalfWritten, sweep } from "#main/files/temporaryFiles.ts";

import type { RunPaths } from "#main/store/runs/runFolder.ts";

/** How the first versions named a file that is being written, with the name that it is to get. */
const OLD_TEMPORARY_FILE = /^\.(.+)\.[0-9a-f]{12}\.tmp$/;
const UNFINISHED_RUN = new RegExp(`^\\.new-([0-9A-Z]+)(?:-(${OWNER_TAG}))?$`);
/** Making a run folder takes a moment; one that is still unfinished after this long was left by a process that died. */
const ABANDONED_MS = 60 * 60_000;

/**
 * Removes the half-written files that a killed owner left in a run folder. To be called by the new owner: only what nobody
 * but an owner writes is touched, for any process may leave orders, genotypes and evaluations at any time.
 */
export async function removeLeftoversOfRun({ folder, checkpoints, images }: RunPaths): Promise<void> {
  for (const place of [folder, checkpoints, images]) {
    await sweep(place, (name) => {
      const target = OLD_TEMPORARY_FILE.exec(name)?.[1];
      return isLeftHalfWritten(name) || (target !== undefined && target !== "control.json");
    });
  }
}

/** Removes the folders of runs, or of studies, that were never finished being made, because their process died. */
export async function removeUnfinishedRuns(folder: string): Promise<void> {
  await sweep(folder, (name) => {
    const [, id, tag] = UNFINISHED_RUN.exec(name) ?? [];
    if (tag !== undefined) return isOwnerGone(tag);
    return id !== undefined && isValid(id) && Math.abs(Date.now() - decodeTime(id)) > ABANDONED_MS;
  });
}
