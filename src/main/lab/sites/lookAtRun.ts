import { stat } from "node:fs/promises";
import { join } from "node:path";

import {
  type Executor,
  type ExecutorAnswer,
  type FolderNews,
  giveTo,
  type JobReport,
  nameJob,
} from "#main/lab/executors/executor.ts";
import { locate } from "#main/lab/runs/resumeRun.ts";
import type { RunsContext } from "#main/lab/runs/runsContext.ts";
import { withRunLock } from "#main/store/runs/claimRun.ts";
import { appendEventLines, openEventLog, readEvents } from "#main/store/runs/eventLog.ts";
import { type Handover, readOpenHandover, writeHandover } from "#main/store/runs/handover.ts";
import { type RunStatus, runStatusSchema } from "#main/store/runs/runFiles.ts";
import { readManifest, readStatus, type RunPaths, writeStatus } from "#main/store/runs/runFolder.ts";
import { pickCandidates } from "#main/store/runs/runProducts.ts";
import { toRunSummary } from "#main/store/runs/runSummary.ts";
import { LabError } from "#shared/labError.ts";

import { decideEnd, findDamaged, type RunEnding } from "./runEnd.ts";
import { MOST_BYTES, readLastLine } from "./siteExecutor.ts";
import { JOB_LOG } from "./siteJob.ts";
import { SiteTrouble } from "./siteShell.ts";

/** What bringing runs to sites and home again needs of the lab. */
export type SitesContext = Pick<RunsContext, "getStore" | "changes" | "log" | "work"> & {
  readonly paths: { readonly sites: string };
};

/** A run that a site has. */
export interface RunThere {
  readonly id: string;
  readonly paths: RunPaths;
  readonly handover: Handover;
}

/** After so many whole answers without the job, or files that came damaged, nothing more is hoped for. */
const PATIENCE = 3;

/** Submits a run that was handed over and is not known to be a job. Trouble on the line is noted and tried again at the next look. */
export async function submitRun(context: SitesContext, executor: Executor, run: RunThere): Promise<void> {
  const { id: runId, paths, handover } = run;
  const job = { runId, attempt: handover.attempt };
  await guard(context, run, async () => {
    const manifest = await readManifest(paths);
    const { fingerprint } = manifest.dataset;
    const dataset = { ...locate(context, manifest.dataset), fingerprint };
    const jobId = await giveTo(executor, job, { folder: paths.folder, dataset, plan: null });
    await note(context, run, { jobId, detail: jobId === null ? handover.detail : null });
  });
}

/** Takes note of what a site says of a run, brings what is new, and ends the handover when the job is over. */
export async function lookAtRun(
  context: SitesContext,
  executor: Executor,
  run: RunThere,
  answer: ExecutorAnswer,
  eventBytes: number,
): Promise<void> {
  const { id, paths, handover } = run;
  const job = { runId: id, attempt: handover.attempt };
  const name = nameJob(job);
  const report = answer.jobs.get(name) ?? null;
  const news = answer.folders.get(name) ?? { events: Buffer.alloc(0), status: null };
  await guard(context, run, async () => {
    const status = await takeNews(paths, news, eventBytes);
    if (report === null && !answer.isWhole) {
      await note(context, run, { detail: "the site's queue does not answer now" });
      return;
    }
    const isEnded =
      status !== null && status.owner === null && !["queued", "preparing", "running"].includes(status.state);
    const timesMissing = report === null ? handover.timesMissing + 1 : 0;
    const isStopping = handover.stop !== "no";
    if (report === null && isStopping && handover.jobId === null) {
      await endHandover(context, run, { state: "stopped", reason: "before it was submitted", errorKind: null });
      return;
    }
    const isGone = report === null && (isEnded || isStopping || timesMissing >= PATIENCE);
    if (report?.phase === "over" || isGone) {
      // The rest of a long file of events comes with the next looks.
      if (news.events.length >= MOST_BYTES) return;
      await bringHome(context, executor, run, report);
      return;
    }
    if (report?.phase !== "queued" && news.events.includes('"type":"sample"'))
      await executor.fetch(job, paths.folder, false);
    // First it may stop with a checkpoint; one that is still there at the next look is ended.
    if (isStopping) await executor.cancel(job, handover.stop === "told");
    const stop = isStopping ? { stop: "told" as const } : {};
    await note(context, run, { ...toNote(report, status, handover), timesMissing, ...stop });
  });
}

function toNote(
  report: JobReport | null,
  status: RunStatus | null,
  { jobId, state }: Handover,
): Pick<Handover, "state" | "detail" | "jobId"> {
  if (report === null) return { jobId, state, detail: "the site does not know the job; it is asked again" };
  const isAtWork = report.phase === "running";
  const now = !isAtWork ? "queued" : status?.state === "running" ? "running" : "preparing";
  return { jobId: report.jobId, state: now, detail: report.detail };
}

/** Adds new events, and returns the run's status as it is there, which is kept with nobody of this computer as its owner. */
async function takeNews(paths: RunPaths, { events, status }: FolderNews, begin: number): Promise<RunStatus | null> {
  if (events.length > 0) appendEventLines(paths.events, begin, events);
  const parsed = status === null ? null : parseStatus(status);
  if (parsed !== null) await writeStatus(paths, parsed);
  return parsed;
}

/** A status that was read while it was replaced, or from a folder that is gone, says nothing. */
function parseStatus(text: string): RunStatus | null {
  try {
    return runStatusSchema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

/** Fetches all that a run left, and lets it be a run of this computer again. */
async function bringHome(
  context: SitesContext,
  executor: Executor,
  run: RunThere,
  report: JobReport | null,
): Promise<void> {
  const { id, paths, handover } = run;
  await executor.fetch({ runId: id, attempt: handover.attempt }, paths.folder, true);
  const status = await readStatus(paths);
  const damaged = status.state === "finished" ? await findDamaged(paths.folder) : null;
  if (damaged !== null && handover.timesMissing < PATIENCE) {
    const detail = `${damaged} did not come as it was sent; it is fetched again`;
    await note(context, run, { detail, timesMissing: handover.timesMissing + 1 });
    return;
  }
  const lastLine = await readLastLine(join(paths.folder, JOB_LOG));
  const ending: RunEnding =
    damaged === null
      ? decideEnd({ report, status, lastLine, isStopping: handover.stop !== "no" })
      : { state: "interrupted", reason: `${damaged} did not come as it was sent`, errorKind: "bad_data" };
  await endHandover(context, run, ending);
}

/** Writes how a run ended, and that no site has it any more. */
async function endHandover(context: SitesContext, run: RunThere, ending: RunEnding): Promise<void> {
  const { id, paths, handover } = run;
  const status = await readStatus(paths);
  if (status.state !== ending.state) tellState(paths, ending);
  await writeStatus(paths, { ...status, ...ending, owner: null, worker: null });
  await writeHandover(paths.folder, { ...handover, isOver: true, detail: null });
  const candidates = pickCandidates(readEvents(paths.events));
  const store = context.getStore();
  store.inTransaction(() => store.candidates.replaceFrom(id, 0, candidates));
  await tell(context, paths);
}

function tellState(paths: RunPaths, { state, reason }: RunEnding): void {
  const events = openEventLog(paths.events);
  events.append({ type: "state", state, time: new Date().toISOString(), ...(reason === null ? {} : { reason }) });
  events.close();
}

/** Changes what is known of a handover, and tells. What somebody asked for meanwhile stays. */
async function note(context: SitesContext, { paths }: RunThere, changes: Partial<Handover>): Promise<void> {
  const now = readOpenHandover(paths.folder);
  if (now === null) return;
  await writeHandover(paths.folder, { ...now, ...changes });
  await tell(context, paths);
}

async function tell({ getStore }: SitesContext, paths: RunPaths): Promise<void> {
  getStore().runs.put(toRunSummary(paths.folder, await readManifest(paths), await readStatus(paths)));
}

/**
 * Does something for a run while no other process does. Trouble on the line is noted, and what a site refuses ends the
 * handover; another process that is at it does what is needed.
 */
async function guard(context: SitesContext, run: RunThere, act: () => Promise<void>): Promise<void> {
  const { id, paths, handover } = run;
  try {
    await withRunLock(paths, async () => {
      // Another process may have brought it home since.
      if (readOpenHandover(paths.folder) === null) return;
      await act().catch(async (error: unknown) => {
        if (!(error instanceof LabError)) throw error;
        const isRefused = handover.jobId === null && !(error instanceof SiteTrouble && error.isLine);
        if (!isRefused) await note(context, run, { detail: error.message });
        else await endHandover(context, run, { state: "failed", reason: error.message, errorKind: error.kind });
      });
    });
  } catch (error) {
    context.log(`run ${id}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Takes note, for all runs that a site has, of why it could not be asked. */
export async function noteUnreachable(context: SitesContext, runs: readonly RunThere[], error: unknown): Promise<null> {
  if (!(error instanceof LabError)) throw error;
  for (const run of runs) await guard(context, run, () => note(context, run, { detail: error.message }));
  return null;
}

/** Counts the bytes of a run's events.jsonl that are here. */
export async function countEventBytes({ events }: RunPaths): Promise<number> {
  return (await stat(events)).size;
}
