import { type JobReport, nameJob } from "#main/lab/executors/executor.ts";
import type { SiteProfile } from "#shared/runs/siteProfile.ts";

import { renderJobScript } from "./jobScript.ts";
import { type Carrier, JOB_LOG, JOB_SCRIPT, runFolderAt } from "./siteJob.ts";

/** The file in which a job leaves its process's number. */
const PID_FILE = "job.pid";

/** Makes the carrier of a computer without a queue: a job is a process that outlives the connection. */
export function createPlainCarrier(profile: SiteProfile): Carrier {
  return {
    renderScript: (job) => renderJobScript(profile, job),
    submitCommand: (job) => {
      const folder = runFolderAt(profile, job);
      const start = `setsid nohup bash ${JOB_SCRIPT} >> ${JOB_LOG} 2>&1 < /dev/null &`;
      return `cd ${folder} && { ${start} echo "$! ${nameJob(job)}" > ${PID_FILE}; cut -d' ' -f1 ${PID_FILE}; }`;
    },
    readJobId: (answer) => {
      if (!/^\d+$/.test(answer.trim()))
        throw new Error(`the process's number must come, got ${JSON.stringify(answer)}`);
      return answer.trim();
    },
    pollCommand: (jobs) => jobs.map((job) => renderLook(runFolderAt(profile, job), nameJob(job))).join("\n"),
    readPoll: (answer) => ({ jobs: new Map(answer.split("\n").flatMap(readLook)), isWhole: true }),
    cancelCommand: (job, force) => {
      const pidOf = `$(cut -d' ' -f1 ${runFolderAt(profile, job)}/${PID_FILE})`;
      return force ? `kill -TERM "${pidOf}"` : "true";
    },
  };
}

/** A file of an earlier job of the run says nothing about this one. */
function renderLook(folder: string, name: string): string {
  const file = `${folder}/${PID_FILE}`;
  return (
    `if grep -qs ' ${name}$' ${file}; then pid=$(cut -d' ' -f1 ${file}); ` +
    `if kill -0 "$pid" 2>/dev/null; then echo "$pid|${name}|RUNNING"; else echo "$pid|${name}|GONE"; fi; fi`
  );
}

function readLook(line: string): readonly (readonly [string, JobReport])[] {
  const [jobId, name, state] = line.split("|");
  if (jobId === undefined || name === undefined) return [];
  if (state === "RUNNING") return [[name, { jobId, phase: "running", detail: null, ending: null }]];
  const ending = { state: "interrupted", isOutOfMemory: false } as const;
  return [[name, { jobId, phase: "over", detail: "the process ended", ending }]];
}
