import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";

import lockfile from "proper-lockfile";

/** A lock whose owner has not renewed it for this long belongs to a dead process. */
const STALE_MS = 60_000;
const LOOK_AGAIN_MS = 500;

/** Does `work` while no other process does work under the same `target` path; says so where it has to wait. */
export async function withLock<T>(target: string, log: (line: string) => void, work: () => Promise<T>): Promise<T> {
  await mkdir(dirname(target), { recursive: true });
  const options = { realpath: false, stale: STALE_MS };
  if (await lockfile.check(target, options)) log("another process is installing the engine; waiting for it");
  const release = await lockfile.lock(target, {
    ...options,
    retries: { forever: true, factor: 1, minTimeout: LOOK_AGAIN_MS, maxTimeout: LOOK_AGAIN_MS },
    onCompromised: (error) => log(`the lock on ${target} was lost: ${error.message}`),
  });
  try {
    return await work();
  } finally {
    await release().catch((error: unknown) => log(`the lock on ${target} was already released: ${String(error)}`));
  }
}
