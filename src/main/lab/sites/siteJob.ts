import type { SiteProfile } from "#shared/runs/siteProfile.ts";

/** A run as a site knows it. The name is given before anything is submitted, so that the job can be looked up by it. */
export interface SiteJob {
  readonly runId: string;
  /** Counts how often the run was handed over, from 1. */
  readonly attempt: number;
}

/** Names a job; no two have the same name. */
export function nameJob({ runId, attempt }: SiteJob): string {
  return `hinas-${runId}-${attempt}`;
}

/** Where a run's folder lies at a site. */
export function runFolderAt({ folder }: SiteProfile, { runId }: SiteJob): string {
  return `${folder}/runs/run-${runId}`;
}

/** Where the data sets lie at a site, each in a folder named by its fingerprint. */
export function dataRootAt({ folder }: SiteProfile): string {
  return `${folder}/data`;
}

/** The script by which the job is done, in its run folder; what it says goes to the log beside it. */
export const JOB_SCRIPT = "job.sh";
export const JOB_LOG = "job.log";

/** How a carrier says that a job is. */
export interface JobReport {
  readonly jobId: string;
  readonly phase: "queued" | "running" | "over";
  /** Why it waits, or how it ended; null where nothing is to be said. */
  readonly detail: string | null;
  /** How a job that is over ended for the carrier; the run's own status knows more, where it came to write it. */
  readonly ending: JobEnding | null;
}

export interface JobEnding {
  readonly state: "finished" | "stopped" | "failed" | "interrupted";
  readonly isOutOfMemory: boolean;
}

/** What a carrier answered about some jobs. */
export interface PollAnswer {
  /** By job name; a job that is missing is not known to the carrier. */
  readonly jobs: ReadonlyMap<string, JobReport>;
  /** True where a job that is missing is really gone, false where the answer may have left it out. */
  readonly isWhole: boolean;
}

/** How jobs are given to a site, as commands for its shell and what they answer; all functions are pure. */
export interface Carrier {
  /** Writes the script of a job. */
  renderScript(job: SiteJob): string;
  /** Submits the job in the run folder and prints its id; to be run once for a job. */
  submitCommand(job: SiteJob): string;
  /** Reads the id out of what submitting printed. Throws an Error where there is none. */
  readJobId(answer: string): string;
  /** Asks for the given jobs at once. */
  pollCommand(jobs: readonly SiteJob[]): string;
  readPoll(answer: string): PollAnswer;
  /** Ends a job; one that has not begun at once, and with `force` any. */
  cancelCommand(job: SiteJob, force: boolean): string;
}
