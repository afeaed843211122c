import { type Job, nameJob } from "#main/lab/executors/executor.ts";
import type { SiteProfile } from "#shared/runs/siteProfile.ts";

import { dataRootAt, JOB_LOG, runFolderAt } from "./siteJob.ts";

/** A job is told so long before its time is over, or after two thirds of a short time; writing a checkpoint takes seconds. */
const WARNING_SECONDS = 180;
/** Without a signal the run makes room by itself, with so much of the warning left. */
const ROOM_SHARE = 2 / 3;
/** The exit code of `hinas run` that asks to be started again. */
const TO_BE_CONTINUED = 75;

/** Writes the whole script of a job: lines for sbatch where the site has Slurm, the site's preamble, and the run. */
export function renderJobScript(profile: SiteProfile, job: Job): string {
  const isSlurm = profile.kind === "slurm";
  const warning = isSlurm ? Math.min(WARNING_SECONDS, Math.floor(toSeconds(profile.time) / 3)) : 0;
  return [
    "#!/bin/bash",
    ...(isSlurm ? renderDirectives(profile, job, warning) : []),
    "pid=",
    "# A signal that comes before the run began ends nothing.",
    'trap \'caught=1; [ -z "$pid" ] || kill -USR1 "$pid"\' USR1',
    'trap \'caught=1; [ -z "$pid" ] || kill -TERM "$pid"\' TERM',
    ...profile.preamble,
    `cd ${runFolderAt(profile, job)} || exit 1`,
    ...(isSlurm ? renderEndTime(Math.floor(warning * ROOM_SHARE)) : []),
    "caught=1",
    `${profile.hinas} run . --resume auto --data ${dataRootAt(profile)}${isSlurm ? " $until" : ""} &`,
    "pid=$!",
    "code=127",
    "# wait returns at each signal; the run's own code comes when it has ended.",
    'while [ "$caught" = 1 ]; do caught=0; wait "$pid"; now=$?; [ "$now" = 127 ] || code=$now; done',
    ...(isSlurm ? renderRequeue(profile.maxRequeues) : []),
    'exit "$code"',
    "",
  ].join("\n");
}

function renderDirectives(
  profile: Extract<SiteProfile, { kind: "slurm" }>,
  job: Job,
  warning: number,
): readonly string[] {
  const { account, partition, qos, gres, memory, mail } = profile;
  const options: readonly (readonly [string, string | number | null])[] = [
    ["job-name", nameJob(job)],
    ["comment", `hinas:${job.runId}`],
    ["output", `${runFolderAt(profile, job)}/${JOB_LOG}`],
    ["open-mode", "append"],
    ["account", account],
    ["partition", partition],
    ["qos", qos],
    ["time", profile.time],
    ["gres", gres],
    ["cpus-per-task", profile.cpus],
    ["mem", memory],
    ["signal", `B:USR1@${warning}`],
    ["mail-user", mail],
    ["mail-type", mail === null ? null : "END,FAIL"],
  ];
  const given = options.filter(([, value]) => value !== null);
  return [...given.map(([name, value]) => `#SBATCH --${name}=${value}`), "#SBATCH --requeue", ...profile.extra];
}

/**
 * Clusters differ in the signals that they send, so that the run is told when its time ends, too. Old ones give a date where new ones
 * give seconds, and `date` takes no answer for midnight.
 */
function renderEndTime(roomSeconds: number): readonly string[] {
  return [
    'end=${SLURM_JOB_END_TIME:-$(squeue --noheader --jobs="$SLURM_JOB_ID" --format=%e 2>/dev/null)}',
    'end=${end:+$(date -d "@$end" +%s 2>/dev/null || date -d "$end" +%s 2>/dev/null)}',
    `until=\${end:+--until $((end - ${roomSeconds}))}`,
  ];
}

/** Reads a time as Slurm writes it: minutes, minutes:seconds, hours:minutes:seconds, days-hours, and so on. */
function toSeconds(time: string): number {
  const [days, rest] = time.includes("-") ? time.split("-", 2) : ["0", time];
  const parts = String(rest).split(":").map(Number);
  const [first = 0, second = 0, third = 0] = parts;
  const startsWithHours = time.includes("-") || parts.length === 3;
  const inDay = startsWithHours ? first * 3600 + second * 60 + third : first * 60 + second;
  return Number(days) * 86_400 + inDay;
}

function renderRequeue(maxRequeues: number): readonly string[] {
  return [
    `if [ "$code" = ${TO_BE_CONTINUED} ] && [ "\${SLURM_RESTART_COUNT:-0}" -lt ${maxRequeues} ]; then`,
    '  scontrol requeue "$SLURM_JOB_ID" && exit 0',
    "fi",
  ];
}
