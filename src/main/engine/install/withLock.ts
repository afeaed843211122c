import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import lockfile from "proper-lockfile";

import { getErrorCode } from "#main/files/diskError.ts";

/** A lock whose owner has not renewed it for this long belongs to a dead process. */
const STALE_MS = 60_000;
const LOOK_AGAIN_MS = 500;

export interface LockOptions {
  readonly log: (line: string) => void;
  /** Ends the waiting, not the work; the error is the signal's. */
  readonly signal: AbortSignal | null;
}

/** Does `work` while no other process does work under the same `target` path; says so where it has to wait. */
export async function withLock<T>(target: string, options: LockOptions, work: () => Promise<T>): Promise<T> {
  await mkdir(dirname(target), { recursive: true });
  const release = await waitForLock(target, options);
  try {
    return await work();
  } finally {
    await release().catch((error: unknown) =>
      options.log(`the lock on ${target} was already released: ${String(error)}`),
    );
  }
}

async function waitForLock(target: string, { log, signal }: LockOptions): Promise<() => Promise<void>> {
  const onCompromised = (error: Error): void => log(`the lock on ${target} was lost: ${error.message}`);
  for (let isFirst = true; ; isFirst = false) {
    try {
      return await lockfile.lock(target, { realpath: false, stale: STALE_MS, onCompromised });
    } catch (error) {
      if (getErrorCode(error) !== "ELOCKED") throw error;
    }
    if (isFirst) log("another process is installing the engine; waiting for it");
    await sleep(LOOK_AGAIN_MS, undefined, signal === null ? {} : { signal });
  }
}
