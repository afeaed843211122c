import { readFile, rm } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";

import { at } from "#shared/at.ts";
import { createRandom } from "#shared/random/createRandom.ts";
import type { Random } from "#shared/random/random.ts";

import { findChildren } from "#tests/helpers/childProcesses.ts";

import { inFolder } from "./folders.ts";
import { type LabJob, startJob, type StartedJob } from "./labJob.ts";
import { type Moments, withDeath } from "./moments.ts";
import { pick } from "./mutate.ts";
import { createTally, type TrialReport, type TrialSetup } from "./trial.ts";
import { compare, listLeftovers, runWhole, type Whole } from "./wholeJob.ts";

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
  whole: Whole,
  random: Random,
  envOf: BreakPlan["envOf"],
  count: (what: string) => void,
): Promise<readonly string[]> {
  const { job, env, result: expected, ms, moments, root, restore } = whole;
  await restore();
  const note = `${root}.deaths`;
  let left = 1 + pick(random, MOST_KILLS);
  let after = 0;
  for (let processes = 1; processes <= MOST_PROCESSES; processes += 1) {
    const kill = left > 0 ? drawKill(random, processes === 1 ? moments.first : moments.later, note) : null;
    const plan = { root, record: null, death: kill?.death ?? null };
    await rm(note, { force: true });
    const started = startJob(job, withDeath(plan, { ...env, ...envOf(random) }));
    if (kill?.death === null && (await killAfter(started, kill.victim, kill.share * ms))) {
      count(`kills of ${kill.victim} at some instant`);
    }
    const { result, trouble } = await started.ended;
    for (const line of await readDeaths(note)) count(`kills of ${line}`);
    if (kill === null) after += 1;
    left -= 1;
    // A host whose worker was killed may end with an error of its own; one that nobody touched may not.
    if (trouble !== null && after > 0) return [trouble];
    // One that was killed right after its last word had no time to tidy up; the next one does that.
    if (result?.isDone === true && after > 0) return [...compare(expected, result), ...(await listLeftovers(whole))];
  }
  return [`not done after ${MOST_PROCESSES} processes`];
}

/** Draws who is to be killed: in every other case once a share of the job's time is over, else right at one of its steps. */
function drawKill(random: Random, moments: Moments, note: string) {
  const victim = at(VICTIMS, pick(random, VICTIMS.length), "victims");
  const share = random.uniform() * 1.05;
  const names = [...moments.keys()].toSorted();
  if (random.uniform() < 0.5 || names.length === 0) return { victim, share, death: null };
  const moment = at(names, pick(random, names.length), "moments");
  // What a job does often it does as well at its start, its end, and where it goes on.
  const nth = 1 + pick(random, Number(moments.get(moment)));
  return { victim, share, death: { victim, moment, nth, isBefore: random.uniform() < 0.5, note } };
}

async function readDeaths(note: string): Promise<readonly string[]> {
  const text = await readFile(note, "utf8").catch(() => ""); // nobody was killed
  return text.split("\n").filter((line) => line !== "");
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
