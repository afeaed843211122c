import { lock } from "proper-lockfile";

import { LabError } from "#shared/labError.ts";

import { removeLeftoversOfRun } from "#main/store/leftovers.ts";
import { getOwnIdentity } from "#main/files/processIdentity.ts";
import type { RunStatus } from "./runFiles.ts";
import { readStatus, type RunPaths, writeStatus } from "./runFolder.ts";
import { isOwned } from "./runSummary.ts";

/** A claim reads and writes one small file; a lock that is older was left by a process that died. */
const LOCK = { stale: 10_000, retries: { retries: 20, minTimeout: 50, maxTimeout: 500 }, realpath: false };

/**
 * Makes this process the owner of a run that has none, removes what a killed owner left half-written, and returns the new
 * status. Of several processes that try at once exactly one succeeds; the others get LabError `busy`.
 */
export async function claimRun(paths: RunPaths): Promise<RunStatus> {
  return withRunLock(paths, async () => {
    const status = await readStatus(paths);
    if (isOwned(status)) {
      throw new LabError("busy", `run ${paths.folder}: process ${status.owner?.pid} on ${status.owner?.host} is at it`);
    }
    const claimed: RunStatus = {
      ...status,
      state: "preparing",
      reason: null,
      errorKind: null,
      owner: getOwnIdentity(),
      heartbeatAt: new Date().toISOString(),
    };
    await writeStatus(paths, claimed);
    await removeLeftoversOfRun(paths);
    return claimed;
  });
}

/** Runs `act` while no other process claims or removes the run. Throws LabError `busy` where the lock cannot be had or held. */
export async function withRunLock<T>(paths: RunPaths, act: () => Promise<T>): Promise<T> {
  const lost: Error[] = [];
  const release = await lock(paths.folder, { ...LOCK, onCompromised: (error) => lost.push(error) }).catch(
    (cause: unknown) => {
      throw new LabError("busy", `run ${paths.folder}: another process holds its lock`, { cause });
    },
  );
  const result = await act().finally(() => (lost.length === 0 ? release() : undefined));
  if (lost.length > 0) throw new LabError("busy", `run ${paths.folder}: lost its lock`, { cause: lost[0] });
  return result;
}
