import { readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";

import type { Control } from "#main/compute/protocol.ts";
import { getErrorCode, toDiskError } from "#main/files/diskError.ts";
import { checkFree, withRunLock } from "#main/store/runs/claimRun.ts";
import { refuseHandedOver, withPlace } from "#main/store/runs/handover.ts";
import { readEvents } from "#main/store/runs/eventLog.ts";
import { getRunPaths, readStatus } from "#main/store/runs/runFolder.ts";
import { readRunSummary } from "#main/store/runs/runSummary.ts";
import { readRunLabel, withLabel, writeRunLabel } from "#main/store/runs/runLabel.ts";
import { moveToTrash } from "#main/store/trash.ts";
import type { Candidate, LabelChange, RunSummary } from "#shared/api/runs.ts";
import { LabError } from "#shared/labError.ts";
import { ACTIVE_STATES, type RunEvent } from "#shared/runs/runEvent.ts";

import { askToStop, type HandOverContext } from "#main/lab/sites/handOver.ts";
import type { RunsContext } from "./runsContext.ts";

/** What finding a run needs of the lab. */
type FindContext = Pick<RunsContext, "here" | "getStore">;

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

/** Finds a run by its id, the beginning of it, or its name, as it is now. Throws LabError `not_found`, or `bad_config` where several fit. */
export async function findRun(context: FindContext, idOrPrefix: string): Promise<RunSummary> {
  const prefix = idOrPrefix.replace(/^run-/, "").toUpperCase();
  const begun = prefix === "" ? [] : context.getStore().runs.findByPrefix(prefix);
  const [first, second] = begun.length > 0 ? begun : findByName(context, idOrPrefix);
  if (first === undefined) {
    const what = `no run is named "${idOrPrefix}", and none begins so; \`hinas runs ls\` lists all`;
    throw new LabError("not_found", what);
  }
  if (second !== undefined) {
    throw new LabError("bad_config", `"${idOrPrefix}" must be one run, got ${first.id} and ${second.id}`);
  }
  return refresh(context, first);
}

function findByName(context: FindContext, name: string): readonly RunSummary[] {
  const wanted = name.trim().toLowerCase();
  const runs = context.getStore().runs.list().map(withLabel);
  return wanted === "" ? [] : runs.filter((run) => run.name.toLowerCase() === wanted);
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
export async function controlRun(
  context: FindContext & HandOverContext,
  idOrPrefix: string,
  want: Control,
): Promise<void> {
  const run = await findRun(context, idOrPrefix);
  if (run.place?.isOver === false) return controlThere(context, run, want);
  if (ACTIVE_STATES.has(run.state)) {
    await context.here.control(run.id, want);
    return;
  }
  if (want === "stop") return;
  const advice = run.state === "finished" ? "" : `; \`hinas runs resume ${run.id}\` takes it up again`;
  const kind = run.state === "interrupted" ? "interrupted" : "bad_config";
  throw new LabError(kind, `run ${run.id} must be at work, got ${run.state}${advice}`);
}

/** A node that waits would cost as much as one that works. */
async function controlThere(context: HandOverContext, { id, folder, place }: RunSummary, want: Control): Promise<void> {
  if (want === "stop") await askToStop(context, folder);
  else if (want === "pause") {
    const where = place?.site ?? "a site";
    throw new LabError(
      "bad_config",
      `run ${id} is at ${where} and cannot be paused there; stop it, and resume it later`,
    );
  }
}

/** Waits until nobody is at work on a run any more and tells how it ended. */
export async function waitForRun(context: FindContext, idOrPrefix: string): Promise<RunSummary> {
  let run = await findRun(context, idOrPrefix);
  const job = context.here.find(run.id);
  if (job !== null) return job.done;
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
    refuseHandedOver(folder, id);
    await checkFree(paths, await readStatus(paths)).catch((cause: unknown) => {
      throw new LabError("busy", `run ${id} is at work; \`hinas runs stop ${id}\` ends it`, { cause });
    });
    await moveToTrash(context.paths.trash, folder);
  });
  context.getStore().runs.remove(id);
}

/** Reads a run's env.json; null where none was written yet. Throws LabError. */
export async function readRunEnvironment(context: FindContext, idOrPrefix: string): Promise<string | null> {
  const { environment } = getRunPaths((await findRun(context, idOrPrefix)).folder);
  return readFile(environment, "utf8").catch((cause: unknown) => {
    if (getErrorCode(cause) === "ENOENT") return null;
    throw toDiskError(`read ${environment}`, cause);
  });
}

/** Renames, stars, tags, annotates or puts away a run; what is not named stays. Throws LabError. */
export async function labelRun(
  context: FindContext & Pick<RunsContext, "changes">,
  idOrPrefix: string,
  { name, isStarred, isArchived, tags, note }: LabelChange,
): Promise<RunSummary> {
  const { id, folder } = await findRun(context, idOrPrefix);
  const before = readRunLabel(folder);
  await writeRunLabel(folder, {
    name: name === undefined ? before.name : name,
    isStarred: isStarred ?? before.isStarred,
    isArchived: isArchived ?? before.isArchived,
    tags: [...new Set(tags ?? before.tags)],
    note: note ?? before.note,
  });
  const run = await findRun(context, id);
  context.changes.tell({ kind: "run", run });
  return run;
}

async function refresh(context: FindContext, run: RunSummary): Promise<RunSummary> {
  return withPlace(withLabel(await readAsItIs(context, run)));
}

/** The folder knows best about a run that the index thinks is at work: its owner may have died since. */
async function readAsItIs({ here }: FindContext, run: RunSummary): Promise<RunSummary> {
  const { genotypeHash } = run;
  const job = here.find(run.id);
  if (job !== null) return { ...job.getSummary(), genotypeHash };
  if (!ACTIVE_STATES.has(run.state)) return run;
  try {
    return { ...(await readRunSummary(run.folder)), genotypeHash };
  } catch (error) {
    if (!(error instanceof LabError)) throw error;
    return { ...run, state: "interrupted", reason: error.message };
  }
}
