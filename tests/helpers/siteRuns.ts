import { setTimeout as sleep } from "node:timers/promises";

import type { Lab } from "#shared/api/lab.ts";
import type { RunSummary } from "#shared/api/runs.ts";

/** A busy machine with a real queue takes a while; no test waits longer for one thing. */
const PATIENCE_MS = 240_000;

/** Asks the sites again and again until a run is as wanted. */
export async function lookUntil(
  lab: Lab,
  id: string,
  isSo: (run: RunSummary) => boolean,
  pauseMs = 50,
): Promise<RunSummary> {
  const end = Date.now() + PATIENCE_MS;
  for (;;) {
    await lab.fetchRuns();
    const run = await lab.showRun(id);
    if (isSo(run)) return run;
    if (Date.now() > end) throw new Error(`it is still ${JSON.stringify(run)}`);
    await sleep(pauseMs);
  }
}

export const isOver = ({ place }: RunSummary): boolean => place?.isOver === true;
