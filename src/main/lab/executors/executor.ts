import type { DatasetPlace } from "#main/lab/datasets/datasetSource.ts";
import type { RunPlan } from "#main/lab/runs/runJob.ts";
import type { RunDataset } from "#main/store/runs/runFiles.ts";

/** A run as an executor knows it. The name is given before anything is submitted, so that the job can be looked up by it. */
export interface Job {
  readonly runId: string;
  /** Counts how often the run was given to somebody, from 1. */
  readonly attempt: number;
}

/** Names a job; no two have the same name. */
export function nameJob({ runId, attempt }: Job): string {
  return `hinas-${runId}-${attempt}`;
}

/** What an executor gets of a run before it is submitted. */
export interface StagedRun {
  /** Its folder on this computer. */
  readonly folder: string;
  readonly dataset: DatasetPlace & Pick<RunDataset, "fingerprint">;
  /** How this program does it; null for another computer, which plans it from its folder. */
  readonly plan: RunPlan | null;
}

/** How an executor says that a job is. */
export interface JobReport {
  readonly jobId: string;
  readonly phase: "queued" | "running" | "over";
  /** Why it waits, or how it ended; null where nothing is to be said. */
  readonly detail: string | null;
  /** How a job that is over ended for the executor; the run's own status knows more, where it came to write it. */
  readonly ending: JobEnding | null;
}

export interface JobEnding {
  readonly state: "finished" | "stopped" | "failed" | "interrupted";
  readonly isOutOfMemory: boolean;
}

/** What is new in a run's folder where the run is done. */
export interface FolderNews {
  /** What was added to events.jsonl after the bytes that are here; the last line may be unfinished. */
  readonly events: Buffer;
  /** The text of status.json; null where it could not be read. */
  readonly status: string | null;
}

/** A job to ask for, and how many bytes of its events.jsonl are here. */
export interface AskedJob extends Job {
  readonly eventBytes: number;
}

/** What an executor answered about some jobs at once. */
export interface ExecutorAnswer {
  /** By job name; a job that is missing is not known to the executor. */
  readonly jobs: ReadonlyMap<string, JobReport>;
  /** True where a job that is missing is really gone, false where the answer may have left it out. */
  readonly isWhole: boolean;
  /** By job name; empty where the run's folder here is the one that it writes. */
  readonly folders: ReadonlyMap<string, FolderNews>;
}

/** Does runs: by this computer's queue, as processes of another computer, or by a cluster's queue. */
export interface Executor {
  /** Brings a run's data and folder to where it is done; what is there already stays. Throws SiteTrouble. */
  stage(job: Job, run: StagedRun): Promise<void>;
  /** Submits a staged job and returns its id. However often it is called for a job, it is submitted once; null where that is under way. Throws SiteTrouble. */
  submit(job: Job): Promise<string | null>;
  /** Asks for all jobs at once. Throws SiteTrouble. */
  poll(jobs: readonly AskedJob[]): Promise<ExecutorAnswer>;
  /** Lets a job at work stop with a checkpoint and ends one that waits; with `force` another computer ends any. Throws SiteTrouble. */
  cancel(job: Job, force: boolean): Promise<void>;
  /** Fetches a run's files into its folder here: without checkpoints while it goes on, all of them when it is over. Throws SiteTrouble. */
  fetch(job: Job, folder: string, isOver: boolean): Promise<void>;
}

/** Stages and submits a job; returns its id, or null where submitting is under way. Throws SiteTrouble. */
export async function giveTo(executor: Executor, job: Job, run: StagedRun): Promise<string | null> {
  await executor.stage(job, run);
  return executor.submit(job);
}
