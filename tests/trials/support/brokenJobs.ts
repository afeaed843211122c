import { setTimeout as sleep } from "node:timers/promises";

import { at } from "#shared/at.ts";
import { createRandom } from "#shared/random/createRandom.ts";
import type { Random } from "#shared/random/random.ts";

import { findChildren } from "#tests/helpers/childProcesses.ts";

import { inFolder } from "./folders.ts";
import { type LabJob, startJob, type StartedJob } from "./labJob.ts";
import { createTally, type TrialReport, type TrialSetup } from "./trial.ts";
import { compare, runWhole, type Whole } from "./wholeJob.ts";

const VICTIMS = ["host", "worker", "both"] as const;
/** A job that is still not done after so many processes never will be. */
const MOST_PROCESSES = 12;
const MOST_KILLS = 3;

/** Which jobs are broken off, and in what environment each of their processes goes on. */
export interface BreakPlan {
  readonly stream: string;
  readonly kinds: readonly LabJob["kind"][];
  readonly envOf: (random: Random) => NodeJS.ProcessEnv;
}

/** Does jobs in turn, kills each some times at random instants, takes it up again, and compares its end with the whole one. */
export function tryBroken({ cases, seed, worker, log }: TrialSetup, plan: BreakPlan): Promise<TrialReport> {
  return inFolder(async (folder) => {
    const tally = createTally();
    const faults: string[] = [];
    const wholes = new Map<LabJob["kind"], Whole>();
    for (let index = 0; index < cases; index += 1) {
      const kind = at(plan.kinds, index % plan.kinds.length, "kinds");
      const whole = wholes.get(kind) ?? (await runWhole(folder, kind, worker));
      wholes.set(kind, whole);
      const random = createRandom(seed, plan.stream, index);
      const name = `case ${index} (${kind})`;
      const found = await runBroken(whole, random, plan.envOf, tally.add);
      tally.add(kind);
      faults.push(...found.map((fault) => `${name}: ${fault}`));
      log(`${name}: ${found.length === 0 ? "as unbroken" : found.join("; ")}`);
    }
    return { counts: tally.counts, faults };
  });
}

/** Does the job once more from the same beginning, kills it some times, and says what is not as it should be. */
async function runBroken(
  { job, env, result: expected, ms, restore }: Whole,
  random: Random,
  envOf: BreakPlan["envOf"],
  count: (what: string) => void,
): Promise<readonly string[]> {
  await restore();
  let left = 1 + Math.floor(random.uniform() * MOST_KILLS);
  let after = 0;
  for (let processes = 1; processes <= MOST_PROCESSES; processes += 1) {
    const started = startJob(job, { ...env, ...envOf(random) });
    if (left > 0) {
      const victim = at(VICTIMS, Math.floor(random.uniform() * VICTIMS.length), "victims");
      if (await killAfter(started, victim, random.uniform() * ms * 1.05)) count(`kills of ${victim}`);
      left -= 1;
    } else {
      after += 1;
    }
    const { result, trouble } = await started.ended;
    // A host whose worker was killed may end with an error of its own; one that nobody touched may not.
    if (trouble !== null && after > 0) return [trouble];
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
