import { type JobEnding, type JobReport, nameJob } from "#main/lab/executors/executor.ts";
import type { SlurmProfile } from "#shared/runs/siteProfile.ts";

import { renderJobScript } from "./jobScript.ts";
import { type Carrier, JOB_SCRIPT, runFolderAt } from "./siteJob.ts";
import { describeWaiting } from "./waitingReason.ts";

/** Accounting forgets nothing that a laptop may have missed; without a start, jobs of before midnight are left out. */
const SINCE = "now-60days";
const SQUEUE_END = "@squeue";
const SACCT_END = "@sacct";

/** Makes the carrier of a cluster with Slurm. */
export function createSlurmCarrier(profile: SlurmProfile): Carrier {
  return {
    renderScript: (job) => renderJobScript(profile, job),
    submitCommand: (job) => `sbatch --parsable ${runFolderAt(profile, job)}/${JOB_SCRIPT}`,
    readJobId: (answer) => {
      const id = /^(\d+)(;.*)?$/.exec(answer.trim().split("\n").at(-1) ?? "")?.[1];
      if (id === undefined) throw new Error(`sbatch must print a job's id, got ${JSON.stringify(answer)}`);
      return id;
    },
    pollCommand: (jobs) => {
      const names = jobs.map(nameJob).join(",");
      return [
        `squeue --noheader --states=all --name=${names} --format='%i|%j|%T|%r|%S'; echo "${SQUEUE_END} $?"`,
        `sacct -X --parsable2 --noheader --starttime=${SINCE} --name=${names} ` +
          `--format=JobIDRaw,JobName%80,State,ExitCode,Elapsed,NodeList 2>/dev/null; echo "${SACCT_END} $?"`,
      ].join("\n");
    },
    readPoll,
    cancelCommand: (job, force) => `scancel ${force ? "" : "--state=PENDING "}--name=${nameJob(job)}`,
  };
}

/** Reads what squeue and sacct said: squeue knows better, as long as it knows the job. */
function readPoll(answer: string): ReturnType<Carrier["readPoll"]> {
  const jobs = new Map<string, JobReport>();
  const lines = answer.split("\n");
  const ends = { squeue: findEnd(lines, SQUEUE_END), sacct: findEnd(lines, SACCT_END) };
  for (const line of lines.slice(ends.squeue.index + 1, ends.sacct.index)) {
    const [id, name, state, exitCode, elapsed, nodes] = line.split("|");
    if (id === undefined || name === undefined || state === undefined) continue;
    const where = `exit code ${exitCode ?? "unknown"} after ${elapsed ?? "unknown"} on ${nodes ?? "unknown"}`;
    jobs.set(name, toReport(id, state, { why: where, isAccounted: true }));
  }
  for (const line of lines.slice(0, Math.max(0, ends.squeue.index))) {
    const [id, name, state, reason, start] = line.split("|");
    if (id === undefined || name === undefined || state === undefined) continue;
    // The accounts say more of a job that is over.
    const report = toReport(id, state, { why: describeWaiting(reason, start), isAccounted: false });
    if (report.phase !== "over" || !jobs.has(name)) jobs.set(name, report);
  }
  return { jobs, isWhole: ends.squeue.code === 0 };
}

function findEnd(lines: readonly string[], mark: string): { readonly index: number; readonly code: number | null } {
  const index = lines.findIndex((line) => line.startsWith(`${mark} `));
  return index === -1 ? { index: lines.length, code: null } : { index, code: Number(lines[index]?.split(" ")[1]) };
}

interface Said {
  readonly why: string | null;
  /** True where accounting says it: a job that waits again is in the queue, and there it would be found first. */
  readonly isAccounted: boolean;
}

const QUEUED: ReadonlySet<string> = new Set(["PENDING", "REQUEUED", "REQUEUE_HOLD", "REQUEUE_FED", "SPECIAL_EXIT"]);
const RUNNING: ReadonlySet<string> = new Set(
  "CONFIGURING RUNNING COMPLETING STAGE_OUT SIGNALING RESIZING SUSPENDED STOPPED".split(" "),
);
/** How the states in which a job is over are told, and what they are for a run; any other is a failure. */
const ENDINGS: Readonly<Record<string, { readonly state: JobEnding["state"]; readonly words: string }>> = {
  COMPLETED: { state: "finished", words: "the job completed" },
  CANCELLED: { state: "stopped", words: "the job was cancelled" },
  TIMEOUT: { state: "stopped", words: "the job's time was over" },
  PREEMPTED: { state: "stopped", words: "the job had to make room and was not queued again" },
  OUT_OF_MEMORY: {
    state: "failed",
    words: "the job needed more memory than it had; the site's `memory` says how much",
  },
  // The run lost its process, as in a power cut, and can go on.
  NODE_FAIL: { state: "interrupted", words: "the node vanished" },
  BOOT_FAIL: { state: "interrupted", words: "the node did not start" },
  DEADLINE: { state: "failed", words: "the job's deadline passed" },
};

/** Puts a state of Slurm, such as `CANCELLED by 1000`, into the lab's words. */
function toReport(jobId: string, stateOfSlurm: string, { why, isAccounted }: Said): JobReport {
  const state = /^[A-Z_]+/.exec(stateOfSlurm)?.[0] ?? stateOfSlurm;
  if (QUEUED.has(state) || (state === "PREEMPTED" && !isAccounted)) {
    return { jobId, phase: "queued", detail: why, ending: null };
  }
  if (RUNNING.has(state)) {
    const detail = state === "SUSPENDED" || state === "STOPPED" ? "the cluster has suspended the job" : null;
    return { jobId, phase: "running", detail, ending: null };
  }
  const ending = ENDINGS[state] ?? { state: "failed", words: `the job ended as ${state}` };
  const detail = isAccounted && why !== null ? `${ending.words} (${why})` : ending.words;
  return { jobId, phase: "over", detail, ending: { state: ending.state, isOutOfMemory: state === "OUT_OF_MEMORY" } };
}
