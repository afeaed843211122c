import { stat, utimes } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";

import { lock } from "proper-lockfile";

import { getErrorCode } from "#main/files/diskError.ts";
import { examineProcess, getOwnIdentity, isFresh, type ProcessIdentity } from "#main/files/processIdentity.ts";
import { LabError } from "#shared/labError.ts";
import { ACTIVE_STATES } from "#shared/runs/runEvent.ts";

import { removeLeftoversOfRun } from "#main/store/leftovers.ts";
import type { RunStatus } from "./runFiles.ts";
import { readStatus, type RunPaths, writeStatus } from "./runFolder.ts";

/** A claim reads and writes one small file; a lock that is older was left by a process that died. */
const LOCK = { stale: 10_000, retries: { retries: 20, minTimeout: 50, maxTimeout: 500 }, realpath: false };
/** Three heartbeats: an owner that lives, on another computer or after a sleep, shows itself meanwhile. */
const WATCH_MS = 6_000;
/** A compute process whose owner has gone ends with the op that it is in, which takes seconds. */
const WORKER_WAIT_MS = 15_000;
const LOOK_AGAIN_MS = 50;

/**
 * Makes this process the owner of a run that has none, ends a compute process that the last owner left behind, removes what
 * that one left half-written, and returns the new status. Where nobody can tell whether the last owner lives, its heartbeat
 * is watched for some seconds. Of several processes that try at once exactly one succeeds; the others get LabError `busy`.
 */
export async function claimRun(paths: RunPaths, watchMs: number = WATCH_MS): Promise<RunStatus> {
  return withRunLock(paths, async () => {
    const status = await readStatus(paths);
    await checkFree(paths, status, watchMs);
    if (status.worker !== null) await endWorker(paths, status.worker, status.heartbeatAt);
    const claimed: RunStatus = {
      ...status,
      state: "preparing",
      reason: null,
      errorKind: null,
      ownershipEpoch: status.ownershipEpoch + 1,
      owner: getOwnIdentity(),
      worker: null,
      heartbeatAt: new Date().toISOString(),
    };
    await writeStatus(paths, claimed);
    await removeLeftoversOfRun(paths);
    return claimed;
  });
}

/** Throws LabError `busy` where a run has an owner that lives, or may live: then its heartbeat is watched first. */
export async function checkFree(
  paths: RunPaths,
  { state, owner, heartbeatAt }: RunStatus,
  watchMs: number = WATCH_MS,
): Promise<void> {
  if (!ACTIVE_STATES.has(state) || owner === null) return;
  const vitality = examineProcess(owner);
  if (vitality === "dead") return;
  const isAlive =
    vitality === "alive" ||
    (isFresh(heartbeatAt) && Date.parse(heartbeatAt) <= Date.now()) ||
    (await beats(paths, heartbeatAt, watchMs));
  if (isAlive) throw new LabError("busy", `run ${paths.folder}: process ${owner.pid} on ${owner.host} is at it`);
}

/** Tells whether somebody writes a heartbeat within the time in which a living owner does. */
async function beats(paths: RunPaths, last: string, watchMs: number): Promise<boolean> {
  for (let waited = 0; waited < watchMs; waited += LOOK_AGAIN_MS) {
    await sleep(LOOK_AGAIN_MS);
    if ((await readStatus(paths)).heartbeatAt !== last) return true;
  }
  return false;
}

/**
 * Ends the compute process of an owner that is gone, or waits for its end where it cannot be told from another process of the
 * same number. Checkpoints are whole at every instant. Throws LabError `busy` where it stays.
 */
async function endWorker({ folder }: RunPaths, worker: ProcessIdentity, heartbeatAt: string): Promise<void> {
  for (let waited = 0; ; waited += LOOK_AGAIN_MS) {
    const vitality = examineProcess(worker);
    if (vitality === "dead") return;
    // On another computer it cannot be seen; the heartbeat of its owner was watched for longer than it takes to end.
    if (vitality === "unsure" && (worker.host !== getOwnIdentity().host || !isFresh(heartbeatAt))) return;
    if (vitality === "alive") kill(worker.pid);
    if (waited >= WORKER_WAIT_MS) break;
    await sleep(LOOK_AGAIN_MS);
  }
  throw new LabError("busy", `run ${folder}: compute process ${worker.pid} of its last owner must end first`);
}

/** Whether it helped is seen by what is left: it may have ended meanwhile, or belong to somebody else. */
function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    if (getErrorCode(error) !== "ESRCH" && getErrorCode(error) !== "EPERM") throw error;
  }
}

/** Runs `act` while no other process claims or removes the run, or the study in its folder. Throws LabError `busy` where the lock cannot be had or held. */
export async function withRunLock<T>(paths: Pick<RunPaths, "folder">, act: () => Promise<T>): Promise<T> {
  const lost: Error[] = [];
  await bringToPresent(`${paths.folder}.lock`);
  const release = await lock(paths.folder, { ...LOCK, onCompromised: (error) => lost.push(error) }).catch(
    (cause: unknown) => {
      throw new LabError("busy", `${paths.folder}: another process holds its lock`, { cause });
    },
  );
  const result = await act().finally(() => (lost.length === 0 ? release() : undefined));
  if (lost.length > 0) throw new LabError("busy", `${paths.folder}: lost its lock`, { cause: lost[0] });
  return result;
}

/** A lock that is dated in the future, by a clock that was wrong, would never grow old: it gets half the age of a stale one. */
async function bringToPresent(lockFolder: string): Promise<void> {
  const found = await stat(lockFolder).catch(() => null);
  if (found === null || found.mtimeMs < Date.now() + LOCK.stale) return;
  const past = new Date(Date.now() - LOCK.stale / 2);
  await utimes(lockFolder, past, past).catch(() => undefined);
}
