import { setTimeout as sleep } from "node:timers/promises";

import { at } from "#shared/at.ts";
import { createRandom } from "#shared/random/createRandom.ts";

import { inFolder } from "./support/folders.ts";
import { type LabJob, startJob } from "./support/labJob.ts";
import { pick } from "./support/mutate.ts";
import { createTally, type Trial, type TrialSetup } from "./support/trial.ts";
import { breakOff, compare, listLeftovers, runWhole, type Whole } from "./support/wholeJob.ts";

/** What two processes do at once in one home: the job that must end well, and the other one. */
const PAIRS: readonly (readonly [LabJob["kind"], LabJob["kind"]])[] = [
  ["train", "train"],
  ["denoise", "denoise"],
  ["train", "rebuild"],
  ["import", "import"],
  ["search", "rebuild"],
];

/** Two processes in one home, or in one folder of results. */
export const twoProcesses: Trial = {
  name: "two-processes",
  promise:
    "two processes in the same home, at the same run or the same output folder leave what one of them would have left",
  fullCases: 50,
  smallCases: 2,
  run: (setup) => inFolder((folder) => tryPairs(folder, setup)),
};

async function tryPairs(folder: string, { cases, seed, worker, log }: TrialSetup) {
  const tally = createTally();
  const faults: string[] = [];
  const wholes = new Map<LabJob["kind"], Whole>();
  for (let index = 0; index < cases; index += 1) {
    const [kind, other] = at(PAIRS, index % PAIRS.length, "pairs");
    const whole = wholes.get(kind) ?? (await runWhole(folder, kind, worker));
    wholes.set(kind, whole);
    const random = createRandom(seed, "pairs", index);
    await whole.restore();
    // Of a pair at one run, both take up what a third process was killed at.
    if (kind === "train" && other === "train") await breakOff(whole, 1 + pick(random, 4));
    const first = startJob(whole.job, whole.env);
    await sleep(random.uniform() * whole.ms * 0.5);
    const second = startJob({ ...whole.job, kind: other }, whole.env);
    const [one, two] = await Promise.all([first.ended, second.ended]);
    const found = [one.trouble, two.trouble].flatMap((trouble) => trouble ?? []);
    const same = [one.result, kind === other ? two.result : null].flatMap((result) => result ?? []);
    found.push(...same.flatMap((result) => compare(whole.result, result)));
    if (other === "rebuild" && two.result !== null) found.push(...listProblems(two.result.digest["problems"]));
    found.push(...(await listLeftovers(whole)));
    tally.add(`${kind} beside ${other}`);
    faults.push(...found.map((fault) => `case ${index} (${kind} beside ${other}): ${fault}`));
    log(`case ${index} (${kind} beside ${other}): ${found.length === 0 ? "as one alone" : found.join("; ")}`);
  }
  return { counts: tally.counts, faults };
}

function listProblems(problems: unknown): readonly string[] {
  return Array.isArray(problems) ? problems.map((problem) => `the rebuild found ${String(problem)}`) : [];
}
