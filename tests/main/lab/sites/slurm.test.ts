import { describe, expect, it } from "vitest";

import { decideEnd } from "#main/lab/sites/runEnd.ts";
import { renderJobScript } from "#main/lab/sites/jobScript.ts";
import { nextPollSeconds } from "#main/lab/sites/siteWatch.ts";
import { parseSiteProfile } from "#main/lab/sites/siteFiles.ts";
import { createSlurmCarrier } from "#main/lab/sites/slurm.ts";
import type { RunStatus } from "#main/store/runs/runFiles.ts";
import { type SiteProfile, siteProfileSchema, type SlurmProfile } from "#shared/runs/siteProfile.ts";

const JOB = { runId: "01RUN", attempt: 2 };
const profileOf = (more: object = {}): SiteProfile =>
  siteProfileSchema.parse({
    ...{ schema: "hinas.site", version: 1, kind: "slurm", host: "cluster", folder: "/scratch/me", hinas: "hinas" },
    ...{ time: "12:00:00", ...more },
  });
const carrier = createSlurmCarrier(profileOf() as SlurmProfile);
const said = (squeue: readonly string[], sacct: readonly string[], codes = [0, 0]) =>
  carrier.readPoll([...squeue, `@squeue ${codes[0]}`, ...sacct, `@sacct ${codes[1]}`, ""].join("\n"));

describe("the script of a job", () => {
  it("asks Slurm for what the profile says, names the job and goes on after each queueing", () => {
    const more = {
      account: "proj",
      gres: "gpu:a100:1",
      memory: "16G",
      preamble: ["module load cuda"],
      extra: ["#SBATCH --constraint=x"],
    };
    expect(renderJobScript(profileOf(more), JOB)).toBe(`#!/bin/bash
#SBATCH --job-name=hinas-01RUN-2
#SBATCH --comment=hinas:01RUN
#SBATCH --output=/scratch/me/runs/run-01RUN/job.log
#SBATCH --open-mode=append
#SBATCH --account=proj
#SBATCH --time=12:00:00
#SBATCH --gres=gpu:a100:1
#SBATCH --cpus-per-task=4
#SBATCH --mem=16G
#SBATCH --signal=B:USR1@180
#SBATCH --requeue
#SBATCH --constraint=x
pid=
# A signal that comes before the run began ends nothing.
trap 'caught=1; [ -z "$pid" ] || kill -USR1 "$pid"' USR1
trap 'caught=1; [ -z "$pid" ] || kill -TERM "$pid"' TERM
module load cuda
cd /scratch/me/runs/run-01RUN || exit 1
end=\${SLURM_JOB_END_TIME:-$(squeue --noheader --jobs="$SLURM_JOB_ID" --format=%e 2>/dev/null)}
end=\${end:+$(date -d "@$end" +%s 2>/dev/null || date -d "$end" +%s 2>/dev/null)}
until=\${end:+--until $((end - 120))}
caught=1
hinas run . --resume auto --data /scratch/me/data $until &
pid=$!
code=127
# wait returns at each signal; the run's own code comes when it has ended.
while [ "$caught" = 1 ]; do caught=0; wait "$pid"; now=$?; [ "$now" = 127 ] || code=$now; done
if [ "$code" = 75 ] && [ "\${SLURM_RESTART_COUNT:-0}" -lt 20 ]; then
  scontrol requeue "$SLURM_JOB_ID" && exit 0
fi
exit "$code"
`);
  });

  it("warns a short job after two thirds of its time", () => {
    expect(renderJobScript(profileOf({ time: "3" }), JOB)).toContain("--signal=B:USR1@60");
    expect(renderJobScript(profileOf({ time: "1-00:00:00" }), JOB)).toContain("--signal=B:USR1@180");
  });
});

describe("what Slurm says of jobs", () => {
  it("reads the id with and without a cluster's name, and nothing else", () => {
    expect(carrier.readJobId("a greeting\n4711\n")).toBe("4711");
    expect(carrier.readJobId("4711;east\n")).toBe("4711");
    expect(() => carrier.readJobId("no job\n")).toThrow("must print a job's id");
  });

  it.each([
    ["PENDING", "queued", null],
    ["CONFIGURING", "running", null],
    ["COMPLETING", "running", null],
    ["PREEMPTED", "queued", null],
    ["TIMEOUT", "over", "stopped"],
    ["CANCELLED", "over", "stopped"],
    ["NODE_FAIL", "over", "interrupted"],
    ["OUT_OF_MEMORY", "over", "failed"],
    ["COMPLETED", "over", "finished"],
    ["A_STATE_TO_COME", "over", "failed"],
  ])("takes %s in the queue for %s", (state, phase, ending) => {
    const job = said([`7|hinas-a-1|${state}|None|N/A`], []).jobs.get("hinas-a-1");
    expect(job).toMatchObject({ jobId: "7", phase });
    expect(job?.ending?.state ?? null).toBe(ending);
  });

  it("believes the queue before accounts, which may be of the time before the job queued again", () => {
    const job = said(["7|hinas-a-1|PENDING|BeginTime|2026-11-30T12:00:00"], ["7|hinas-a-1|PREEMPTED|0:0|00:01:00|n1"]);
    const detail = "it was queued again and waits a moment (BeginTime), expected to start 2026-11-30T12:00:00";
    expect(job.jobs.get("hinas-a-1")).toMatchObject({ phase: "queued", detail });
  });

  it.each([
    ["Priority", "other jobs come first (Priority)"],
    [
      "ReqNodeNotAvail, UnavailableNodes:n1",
      "the nodes that it needs are drained, down or reserved (ReqNodeNotAvail, UnavailableNodes:n1)",
    ],
    ["QOSMaxJobsPerUserLimit", "a limit of your account or qos is reached (QOSMaxJobsPerUserLimit)"],
    ["AReasonToCome", "AReasonToCome"],
    ["None", null],
  ])("says in words why a job waits: %s", (why, detail) => {
    expect(said([`7|hinas-a-1|PENDING|${why}|N/A`], []).jobs.get("hinas-a-1")?.detail).toBe(detail);
  });

  it("tells from accounts how a job ended that the queue forgot", () => {
    const { jobs } = said([], ["7|hinas-a-1|CANCELLED by 1000|0:15|00:01:00|n1"]);
    const detail = "the job was cancelled (exit code 0:15 after 00:01:00 on n1)";
    expect(jobs.get("hinas-a-1")).toMatchObject({ phase: "over", detail });
  });

  it("knows that a queue which fails has left jobs out", () => {
    expect(said(["slurm_load_jobs error"], [], [1, 1])).toMatchObject({ isWhole: false });
    expect(carrier.readPoll("")).toMatchObject({ isWhole: false });
    expect(said([], [])).toMatchObject({ isWhole: true });
  });
});

describe("how a run ended", () => {
  const status = (more: Partial<RunStatus>) =>
    ({ state: "running", reason: null, errorKind: null, ...more }) as RunStatus;
  const over = (slurm: string) => said([], [`7|hinas-a-1|${slurm}|1:0|00:01:00|n1`]).jobs.get("hinas-a-1") ?? null;
  const end = (slurm: string | null, run: Partial<RunStatus>, lastLine: string | null = null) =>
    decideEnd({ report: slurm === null ? null : over(slurm), status: status(run), lastLine, isStopping: false });

  it("is what the run wrote, where it came to write it", () => {
    expect(end("FAILED", { state: "failed", reason: "diverged", errorKind: "diverged" })).toMatchObject({
      errorKind: "diverged",
    });
    expect(end("COMPLETED", { state: "finished" })).toMatchObject({ state: "finished", reason: null });
  });

  it("is never finished because the job was", () => {
    expect(end("COMPLETED", {})).toMatchObject({ state: "failed" });
  });

  it("gives the last words of a job that failed, and what helps where memory was short", () => {
    expect(end("FAILED", {}, "cli.ts: command not found").reason).toContain(
      "its last words: cli.ts: command not found",
    );
    expect(end("OUT_OF_MEMORY", {})).toMatchObject({
      errorKind: "memory",
      reason: expect.stringContaining("`memory`"),
    });
    expect(end("NODE_FAIL", {}).reason).toContain("the node vanished");
    expect(end(null, {})).toMatchObject({ state: "interrupted" });
  });
});

describe("how often a site is asked", () => {
  it("grows while all jobs wait, up to ten minutes, and falls back when one runs", () => {
    let seconds = 60;
    for (let i = 0; i < 10; i += 1) seconds = nextPollSeconds(60, seconds, false);
    expect(nextPollSeconds(60, 60, false)).toBe(90);
    expect(seconds).toBe(600);
    expect(nextPollSeconds(60, seconds, true)).toBe(60);
  });
});

describe("a site's profile", () => {
  const yaml = (more: string) =>
    `schema: hinas.site\nversion: 1\nkind: slurm\nhost: cluster\nfolder: /scratch/me\nhinas: hinas\ntime: "60"\n${more}`;

  it.each([
    ["host: -oProxyCommand=evil", /host/],
    ["folder: /scratch/$USER", /folder/],
    ["partition: a b", /partition/],
    ["extra: [rm -rf]", /#SBATCH/],
    ["pollSeconds: 5", /pollSeconds must be at least 30/],
    ["colour: red", /colour/],
  ])("refuses %s with its line", (line, message) => {
    const name = line.split(":")[0] ?? "";
    const text = yaml("")
      .split("\n")
      .filter((each) => !each.startsWith(`${name}:`))
      .join("\n");
    expect(() => parseSiteProfile(`${text}${line}\n`, "cluster.yaml")).toThrow(message);
    expect(() => parseSiteProfile(`${text}${line}\n`, "cluster.yaml")).toThrow(/cluster.yaml line \d/);
  });

  it("refuses one of a newer version as such", () => {
    const text = yaml("").replace("version: 1", "version: 2");
    expect(() => parseSiteProfile(text, "cluster.yaml")).toThrow("version must be at most 1, got 2");
  });

  it("has no settings of Slurm for a computer without it", () => {
    const text = yaml("").replace("kind: slurm", "kind: ssh");
    expect(() => parseSiteProfile(text, "desk.yaml")).toThrow(/time/);
  });
});
