import { readFileSync } from "node:fs";

import { z } from "zod";

import { LabError } from "#shared/labError.ts";

import type { RunStatus } from "./runFiles.ts";
import type { RunPaths } from "./runFolder.ts";

/** That a run belongs to this process, as long as nobody has taken it up since. */
export interface Ownership {
  /** Throws LabError `busy` once another process has taken the run up. */
  check(): void;
  /** The same, where the last check is so long ago that this process may have been asleep meanwhile. */
  checkAfterSleep(): void;
  readonly isMine: () => boolean;
}

/** Owners check with every heartbeat, so that only a process that was held up goes longer without. */
const SLEEP_MS = 5_000;

const claimSchema = z.object({ ownershipEpoch: z.int() });

/** Watches that nobody takes up a run, or a study, since this process did, which `status` tells. */
export function openOwnership(
  { status: file, folder }: Pick<RunPaths, "status" | "folder">,
  { ownershipEpoch: own }: Pick<RunStatus, "ownershipEpoch">,
): Ownership {
  let checkedAt = Date.now();
  const isMine = (): boolean => {
    checkedAt = Date.now();
    const epoch = readEpoch(file);
    return epoch === null || epoch === own;
  };
  const check = (): void => {
    if (isMine()) return;
    throw new LabError("busy", `${folder}: another process took it up, so this one leaves it alone`);
  };
  return {
    check,
    isMine,
    checkAfterSleep: () => {
      if (Math.abs(Date.now() - checkedAt) > SLEEP_MS) check();
    },
  };
}

/** A status that cannot be read tells of no other owner: it is written anew. */
function readEpoch(file: string): number | null {
  try {
    const result = claimSchema.safeParse(JSON.parse(readFileSync(file, "utf8")));
    return result.success ? result.data.ownershipEpoch : null;
  } catch {
    return null;
  }
}
