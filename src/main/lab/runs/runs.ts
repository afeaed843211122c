import { setTimeout as sleep } from "node:timers/promises";

import type { Control } from "#main/compute/protocol.ts";
import { checkFree, withRunLock } from "#main/store/runs/claimRun.ts";
import { readEvents } from "#main/store/runs/eventLog.ts";
import { getRunPaths, readStatus, writeControl } from "#main/store/runs/runFolder.ts";
import { readRunSummary } from "#main/store/runs/runSummary.ts";
import { moveToTrash } from "#main/store/trash.ts";
import type { Candidate, RunSummary } from "#shared/api/runs.ts";
import { LabError } from "#shared/labError.ts";
import { ACTIVE_STATES, type RunEvent } from "#shared/runs/runEvent.ts";

import type { RunsContext } from "./runsContext.ts";

/** What finding a run needs of the lab. */
type FindContext = Pick<RunsContext, "jobs" | "getStore">;

/** How often the status of another process's run is looked at. */
const WATCH_MS = 500;

/** Lists all runs, newest first, each as it is now. */
export function listRuns(context: FindContext): Promise<readonly RunSummary[]> {
  return Promise.all(
    context
      .getStore()
      .runs.list()
      .map((run) => refresh(context, run)),
  );
}

/** Finds a run by its id or the beginning of it, as it is now. Throws LabError `not_found`, or `bad_config` where several fit. */
export async function findRun(context: FindContext, idOrPrefix: string): Promise<RunSummary> {
  const prefix = idOrPrefix.replace(/^run-/, "").toUpperCase();
  const [first, second] = prefix === "" ? [] : context.getStore().runs.findByPrefix(prefix);
  if (first === undefined) {
    throw new LabError("not_found", `run: no run begins with "${idOrPrefix}"; \`hinas runs ls\` lists all`);
  }
  if (second !== undefined) {
    throw new LabError("bad_config", `run: "${idOrPrefix}" must begin one run, got ${first.id} and ${second.id}`);
  }
  return refresh(context, first);
}

/** Reads what happened in a run, without what a restart made void. */
export async function readRunEvents(context: FindContext, idOrPrefix: string): Promise<readonly RunEvent[]> {
  const { folder } = await findRun(context, idOrPrefix);
  return readEvents(getRunPaths(folder).events);
}

/** Lists the architectures that a run tried, in order, without those that a restart made void. Throws LabError. */
export async function listCandidates(context: FindContext, idOrPrefix: string): Promise<readonly Candidate[]> {
  const { id } = await findRun(context, idOrPrefix);
  return context.getStore().candidates.listOfRun(id);
}

/**
 * Tells the process that owns a run what is wanted of it; stopping a run that has ended is granted already. Throws
 * LabError `interrupted` or `bad_config` where nobody is at work on the run.
 */
export async function controlRun(context: FindContext, idOrPrefix: string, want: Control): Promise<void> {
  const run = await findRun(context, idOrPrefix);
  if (ACTIVE_STATES.has(run.state)) {
    await writeControl(getRunPaths(run.folder), want);
    context.jobs.get(run.id)?.setWant(want);
    return;
  }
  if (want === "stop") return;
  const advice = run.state === "finished" ? "" : `; \`hinas runs resume ${run.id}\` takes it up again`;
  const kind = run.state === "interrupted" ? "interrupted" : "bad_config";
  throw new LabError(kind, `control: run ${run.id} must be at work, got ${run.state}${advice}`);
}

/** Waits until nobody is at work on a run any more and tells how it ended. */
export async function waitForRun(context: FindContext, idOrPrefix: string): Promise<RunSummary> {
  let run = await findRun(context, idOrPrefix);
  const job = context.jobs.get(run.id);
  if (job !== undefined) return job.done;
  while (ACTIVE_STATES.has(run.state)) {
    await sleep(WATCH_MS);
    run = await findRun(context, run.id);
  }
  return run;
}

/** Moves a run's folder to the trash and forgets the run. Throws LabError `busy` while a process is at work on it. */
export async function removeRun(context: FindContext & Pick<RunsContext, "paths">, idOrPrefix: string): Promise<void> {
  const { id, folder } = await findRun(context, idOrPrefix);
  const paths = getRunPaths(folder);
  await withRunLock(paths, async () => {
    await checkFree(paths, await readStatus(paths)).catch((cause: unknown) => {
      throw new LabError("busy", `remove: run ${id} is at work; \`hinas runs stop ${id}\` ends it`, { cause });
    });
    await moveToTrash(context.paths.trash, folder);
  });
  context.getStore().runs.remove(id);
}

/** The folder knows best about a run that the index thinks is at work: its owner may have died since. */
async function refresh({ jobs }: FindContext, run: RunSummary): Promise<RunSummary> {
  const { genotypeHash } = run;
  const job = jobs.get(run.id);
  if (job !== undefined) return { ...job.getSummary(), genotypeHash };
  if (!ACTIVE_STATES.has(run.state)) return run;
  try {
    return { ...(await readRunSummary(run.folder)), genotypeHash };
  } catch (error) {
    if (!(error instanceof LabError)) throw error;
    return { ...run, state: "interrupted", reason: error.message };
  }
}
