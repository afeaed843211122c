import type { ExecutorAnswer, Job } from "#main/lab/executors/executor.ts";
import type { SiteProfile } from "#shared/runs/siteProfile.ts";

/** Where a run's folder lies at a site. */
export function runFolderAt({ folder }: SiteProfile, { runId }: Job): string {
  return `${folder}/runs/run-${runId}`;
}

/** Where the data sets lie at a site, each in a folder named by its fingerprint. */
export function dataRootAt({ folder }: SiteProfile): string {
  return `${folder}/data`;
}

/** The script by which the job is done, in its run folder; what it says goes to the log beside it. */
export const JOB_SCRIPT = "job.sh";
export const JOB_LOG = "job.log";

/** What a carrier answered about some jobs. */
export type PollAnswer = Pick<ExecutorAnswer, "jobs" | "isWhole">;

/** How jobs are given to a site, as commands for its shell and what they answer; all functions are pure. */
export interface Carrier {
  /** Writes the script of a job. */
  renderScript(job: Job): string;
  /** Submits the job in the run folder and prints its id; to be run once for a job. */
  submitCommand(job: Job): string;
  /** Reads the id out of what submitting printed. Throws an Error where there is none. */
  readJobId(answer: string): string;
  /** Asks for the given jobs at once. */
  pollCommand(jobs: readonly Job[]): string;
  readPoll(answer: string): PollAnswer;
  /** Ends a job; one that has not begun at once, and with `force` any. */
  cancelCommand(job: Job, force: boolean): string;
}
