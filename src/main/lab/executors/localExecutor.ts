import { join } from "node:path";

import type { Control } from "#main/compute/protocol.ts";
import { engineInWords } from "#main/lab/runs/environment.ts";
import type { JobContext, RunJob } from "#main/lab/runs/jobContext.ts";
import { type RunPlan, startRunJob } from "#main/lab/runs/runJob.ts";
import type { ComputeQueue } from "#main/lab/tasks/computeQueue.ts";
import type { RunStatus } from "#main/store/runs/runFiles.ts";
import { getRunPaths, readStatus, type RunPaths, writeControl } from "#main/store/runs/runFolder.ts";
import { isOwned } from "#main/store/runs/runSummary.ts";
import type { RunSummary } from "#shared/api/runs.ts";
import { letPass } from "#shared/labError.ts";

import { type Executor, type Job, type JobReport, nameJob } from "./executor.ts";

/** Does runs on this computer, by this process's queue. Beside what all executors do, it knows its runs as they are at every moment. */
export interface LocalExecutor extends Executor {
  /** The run of that id that this process has; null where it has none. */
  find(runId: string): RunJob | null;
  /** Tells whether any run is at work or waits. */
  isBusy(): boolean;
  /** Tells whoever is at work on a run on this computer, in this process or another, what is wanted of it. Throws LabError `disk`. */
  control(runId: string, want: Control): Promise<void>;
  /** Says by which engine a run would be done; while runs wait for it, by which the first of them is, or null before that is known. Throws LabError `engine`. */
  describeEngine(): Promise<string | null>;
  /** Lets runs begin that may, since more are wanted at once. */
  adjust(): void;
  /** Stops all runs, each with this reason, and waits for their ends. */
  stopAll(reason: string): Promise<void>;
  /** Ends the processes that compute. */
  close(): Promise<void>;
}

/** What doing runs here needs of the lab. */
export interface LocalContext extends JobContext {
  readonly runCompute: Pick<ComputeQueue, "use" | "adjust" | "close">;
  readonly paths: { readonly runs: string };
}

/** Creates an executor without runs; the caller closes it. */
export function createLocalExecutor(context: LocalContext): LocalExecutor {
  const jobs = new Map<string, RunJob>();
  const plans = new Map<string, RunPlan>();
  const pathsOf = (runId: string): RunPaths => getRunPaths(join(context.paths.runs, `run-${runId}`));
  const control = async (runId: string, want: Control): Promise<void> => {
    await writeControl(pathsOf(runId), want);
    jobs.get(runId)?.setWant(want);
  };
  const start = (plan: RunPlan): void => {
    const { id } = plan.manifest;
    const job = startRunJob(context, plan);
    jobs.set(id, { ...job, done: job.done.finally(() => jobs.delete(id)) });
  };
  const look = async (job: Job): Promise<readonly (readonly [string, JobReport])[]> => {
    const name = nameJob(job);
    const running = jobs.get(job.runId);
    const report =
      running !== undefined ? toReport(name, running.getSummary(), true) : await lookAt(name, pathsOf(job.runId));
    return report === null ? [] : [[name, report]];
  };
  return {
    // Photos and folder are where they are needed already.
    stage: async (job, { plan }) => {
      if (plan === null) throw new Error(`run ${job.runId}: it must have a plan to be done here`);
      plans.set(nameJob(job), plan);
    },
    submit: async (job) => {
      const name = nameJob(job);
      const plan = plans.get(name);
      plans.delete(name);
      if (plan !== undefined) start(plan);
      else if (!jobs.has(job.runId)) throw new Error(`run ${job.runId}: it must be staged before it is submitted`);
      return name;
    },
    poll: async (asked) => ({
      jobs: new Map((await Promise.all(asked.map(look))).flat()),
      isWhole: true,
      folders: new Map(),
    }),
    // What hears no order dies with its process, so that there is nothing to force.
    cancel: ({ runId }) => control(runId, "stop"),
    fetch: () => Promise.resolve(),
    find: (runId) => jobs.get(runId) ?? null,
    isBusy: () => jobs.size > 0,
    control,
    describeEngine: async () => {
      const [first] = [...jobs.values()];
      if (first !== undefined) return first.getSummary().engine;
      return askEngine(context);
    },
    adjust: () => context.runCompute.adjust(),
    stopAll: async (reason) => {
      const all = [...jobs.values()];
      for (const job of all) job.setWant("stop", reason);
      await Promise.all(all.map((job) => job.done));
    },
    close: () => context.runCompute.close(),
  };
}

function askEngine({ runCompute }: LocalContext): Promise<string> {
  return runCompute.use({}, null, async (lease) => engineInWords(await (await lease.getCompute()).describeEngine()));
}

/** A run that this process has not is another process's, over, or was never submitted. */
async function lookAt(name: string, paths: RunPaths): Promise<JobReport | null> {
  const status = await readStatus(paths).catch(letPass("not_found"));
  if (status === undefined || (status.state === "queued" && !isOwned(status))) return null;
  return toReport(name, status, isOwned(status));
}

/** A run that claims to be at work and that nobody owns was interrupted. */
function toReport(
  jobId: string,
  { state, reason, errorKind }: Pick<RunStatus | RunSummary, "state" | "reason" | "errorKind">,
  hasOwner: boolean,
): JobReport {
  const detail = reason;
  const isOutOfMemory = errorKind === "memory";
  switch (state) {
    case "queued":
      return { jobId, phase: "queued", detail, ending: null };
    case "finished":
    case "stopped":
    case "failed":
    case "interrupted":
      return { jobId, phase: "over", detail, ending: { state, isOutOfMemory } };
    case "preparing":
    case "running":
    case "paused":
      if (hasOwner) return { jobId, phase: "running", detail, ending: null };
      return { jobId, phase: "over", detail, ending: { state: "interrupted", isOutOfMemory } };
  }
}
