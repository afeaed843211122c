import { cp, mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { at } from "#shared/at.ts";
import { createRandom } from "#shared/random/createRandom.ts";
import type { Random } from "#shared/random/random.ts";

import { findChildren } from "#tests/helpers/childProcesses.ts";
import { makePackage, makeWheelhouse, TOOLS, withWheelhouse } from "#tests/helpers/fakeTensorflow.ts";

import { inFolder, writePhotos } from "./support/folders.ts";
import { type JobResult, type LabJob, startJob, type StartedJob } from "./support/labJob.ts";
import { createTally, type Trial, type TrialSetup } from "./support/trial.ts";

/** Engine installations need pip and a compiler. */
const KINDS: readonly LabJob["kind"][] = [
  "search",
  "train",
  "denoise",
  "import",
  "evaluate",
  ...(TOOLS === null ? [] : (["engine"] as const)),
];
const VICTIMS = ["host", "worker", "both"] as const;
/** A job that is still not done after so many processes never will be. */
const MOST_PROCESSES = 12;
const MOST_KILLS = 3;

/** Jobs that are killed at random instants and taken up again. */
export const kills: Trial = {
  name: "kills",
  promise: "a job that is killed at any instant and taken up again ends as if nothing had happened, and leaves no half file",
  fullCases: 200,
  smallCases: 6,
  run: (setup) => inFolder((folder) => tryKills(folder, setup)),
};

/** A job as nothing broke it off. */
interface Whole {
  readonly job: LabJob;
  readonly env: NodeJS.ProcessEnv;
  readonly result: JobResult;
  readonly ms: number;
}

async function tryKills(folder: string, { cases, seed, worker, log }: TrialSetup) {
  const tally = createTally();
  const faults: string[] = [];
  const wholes = new Map<LabJob["kind"], Whole>();
  for (let index = 0; index < cases; index += 1) {
    const kind = at(KINDS, index % KINDS.length, "kinds");
    const whole = wholes.get(kind) ?? (await runWhole(folder, kind, worker));
    wholes.set(kind, whole);
    const random = createRandom(seed, "kills", index);
    const name = `case ${index} (${kind})`;
    const found = await runBroken(folder, whole, random, tally.add);
    tally.add(kind);
    faults.push(...found.map((fault) => `${name}: ${fault}`));
    log(`${name}: ${found.length === 0 ? "as unbroken" : found.join("; ")}`);
  }
  return { counts: tally.counts, faults };
}

/** Makes what a job needs, keeps a copy of it, and does the job undisturbed. */
async function runWhole(folder: string, kind: LabJob["kind"], worker: LabJob["worker"]): Promise<Whole> {
  const root = join(folder, kind);
  const photos = await writePhotos(join(root, "photos"), 5, 32);
  const output = join(root, "output");
  await mkdir(join(root, "home"), { recursive: true });
  await mkdir(output);
  const wheels = kind === "engine" ? makeWheelhouse(join(root, "wheels"), ["libtensorflow_cc", "libtensorflow_framework"]) : null;
  if (kind === "engine") makePackage(join(output, "package"));
  const env = kind === "engine" ? withWheelhouse(join(root, "wheels")) : {};
  const job: LabJob = { kind, home: join(root, "home"), photos, output, worker, wheels };
  if (kind === "evaluate" || kind === "denoise") await finish({ ...job, kind: "train" }, {});
  await cp(root, `${root}.before`, { recursive: true });
  const startedAt = performance.now();
  const result = await finish(job, env);
  return { job, env, result, ms: performance.now() - startedAt };
}

async function finish(job: LabJob, env: NodeJS.ProcessEnv): Promise<JobResult> {
  const { result, trouble } = await startJob(job, env).ended;
  if (result?.isDone !== true) throw new Error(`${job.kind} fails undisturbed: ${trouble ?? JSON.stringify(result)}`);
  return result;
}

/** Does the job once more from the same beginning, kills it some times, and says what is not as it should be. */
async function runBroken(
  folder: string,
  { job, env, result: expected, ms }: Whole,
  random: Random,
  count: (what: string) => void,
): Promise<readonly string[]> {
  const root = join(folder, job.kind);
  await rm(root, { recursive: true });
  await cp(`${root}.before`, root, { recursive: true });
  let left = 1 + Math.floor(random.uniform() * MOST_KILLS);
  for (let processes = 1; processes <= MOST_PROCESSES; processes += 1) {
    const started = startJob(job, env);
    if (left > 0) {
      const victim = at(VICTIMS, Math.floor(random.uniform() * VICTIMS.length), "victims");
      const hit = await killAfter(started, victim, random.uniform() * ms * 1.05);
      if (hit) count(`kills of ${victim}`);
      left -= 1;
    }
    const { result, trouble } = await started.ended;
    if (trouble !== null) {
      // A host whose worker was killed may end with an error of its own; without a kill it may not.
      if (left === 0 && processes > MOST_KILLS) return [trouble];
      continue;
    }
    if (result?.isDone === true && left === 0) return compare(expected, result);
  }
  return [`not done after ${MOST_PROCESSES} processes`];
}

/** Kills once the time has come; false where the job had ended before, or had no worker. */
async function killAfter({ child, ended }: StartedJob, victim: (typeof VICTIMS)[number], ms: number): Promise<boolean> {
  const isOver = await Promise.race([ended.then(() => true), sleep(ms, false, { ref: false })]);
  if (isOver || child.pid === undefined) return false;
  const workers = victim === "host" ? [] : await findChildren(child.pid, "orker");
  for (const pid of workers) killIfThere(pid);
  if (victim !== "worker") child.kill("SIGKILL");
  return victim !== "worker" || workers.length > 0;
}

function killIfThere(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It has ended by itself meanwhile.
  }
}

function compare(expected: JobResult, got: JobResult): readonly string[] {
  return Object.keys(expected.digest).flatMap((name) => {
    const [a, b] = [expected.digest, got.digest].map((digest) => JSON.stringify(digest[name]));
    return a === b ? [] : [`${name} must be ${String(a).slice(0, 200)}, got ${String(b).slice(0, 200)}`];
  });
}
