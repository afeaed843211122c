import { spawnSync } from "node:child_process";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";

import { at } from "#shared/at.ts";
import { createRandom } from "#shared/random/createRandom.ts";

import { mountSmallDisk, unmountSmallDisk } from "#tests/helpers/smallDisk.ts";

import { listTree } from "./support/describeRun.ts";
import { inFolder } from "./support/folders.ts";
import { type LabJob, startJob } from "./support/labJob.ts";
import { createTally, type Trial, type TrialSetup } from "./support/trial.ts";
import { compare, listLeftovers, runWhole, type Whole } from "./support/wholeJob.ts";

const KINDS: readonly LabJob["kind"][] = ["train", "search", "import", "denoise"];
const LARGE_KB = 100_000;

/** Jobs on a disk that is full at some step. */
export const fullDisk: Trial = {
  name: "full-disk",
  promise:
    "a disk that is full at any step of a job is told in a sentence, leaves no half file, and the job ends as ever once there is room",
  fullCases: 60,
  smallCases: 2,
  run: (setup) => inFolder((folder) => tryDisks(folder, setup)),
};

async function tryDisks(folder: string, { cases, seed, worker, log }: TrialSetup) {
  const tally = createTally();
  const faults: string[] = [];
  const disk = join(folder, "disk");
  await mkdir(disk);
  if (!mountSmallDisk(disk, LARGE_KB)) return { counts: { "cases that need a disk to be mounted": cases }, faults };
  const wholes = new Map<LabJob["kind"], Whole>();
  try {
    for (let index = 0; index < cases; index += 1) {
      const kind = at(KINDS, index % KINDS.length, "kinds");
      const whole = wholes.get(kind) ?? (await runWhole(disk, kind, worker));
      wholes.set(kind, whole);
      const { wasRefused, found } = await tryFull(disk, whole, createRandom(seed, "disks", index).uniform());
      tally.add(`${kind}: ${wasRefused ? "refused" : "had room"}`);
      faults.push(...found.map((fault) => `case ${index} (${kind}): ${fault}`));
      const how = wasRefused ? "full" : "had room";
      log(`case ${index} (${kind}, ${how}): ${found.length === 0 ? "as ever" : found.join("; ")}`);
    }
  } finally {
    unmountSmallDisk(disk);
  }
  return { counts: tally.counts, faults };
}

/** Does a job where a share of the room that it needs is left, and again where there is enough. */
async function tryFull(disk: string, whole: Whole, share: number) {
  await whole.restore();
  const beforeKb = measureKb(disk);
  resize(disk, beforeKb + Math.ceil(share * Math.max(64, whole.kilobytes)));
  const full = await startJob(whole.job, whole.env).ended;
  const wasRefused = full.result?.isDone !== true;
  const said = full.trouble ?? JSON.stringify(full.result?.digest ?? {}); // killed by nobody, so that one of them is there
  const found = wasRefused && !/disk is full|REFUSED disk|no space|SQLITE_FULL/i.test(said) ? [`said ${said}`] : [];
  const halves = (await listTree(whole.root)).filter((path) => path.endsWith(".tmp"));
  if (halves.length > 0) found.push(`left ${halves.join(", ")}`);
  resize(disk, LARGE_KB);
  const again = await startJob(whole.job, whole.env).ended;
  if (again.result === null) found.push(String(again.trouble));
  else found.push(...compare(whole.result, again.result), ...(await listLeftovers(whole)));
  return { wasRefused, found };
}

function resize(disk: string, kilobytes: number): void {
  const { status, stderr } = spawnSync("mount", ["-o", `remount,size=${kilobytes}k`, disk], { encoding: "utf8" });
  if (status !== 0) throw new Error(`remount ${disk}: ${stderr}`);
}

function measureKb(disk: string): number {
  const { stdout } = spawnSync("df", ["-k", "--output=used", disk], { encoding: "utf8" });
  return Number(stdout.trim().split("\n").at(-1));
}
