import { execFileSync } from "node:child_process";
import { mkdir, readdir, readFile } from "node:fs/promises";
import { join, resolve } from "node:path";

import { createLab } from "#main/lab/lab.ts";

import { describeHome } from "./homes/describeHome.ts";
import { inFolder } from "./support/folders.ts";
import { createTally, type Trial, type TrialSetup } from "./support/trial.ts";

const HOMES = resolve("tests/trials/homes");

/** Homes that released versions made, which lie elsewhere now. */
export const oldHomes: Trial = {
  name: "old-homes",
  promise: "a home of every released version opens, also after it was moved, and shows what that version showed",
  fullCases: 1,
  smallCases: 1,
  run: tryHomes,
};

async function tryHomes({ log }: TrialSetup) {
  const tally = createTally();
  const faults: string[] = [];
  const versions = (await readdir(HOMES)).flatMap((name) => /^(.+)\.tar\.gz$/.exec(name)?.[1] ?? []);
  for (const version of versions) {
    const found = await inFolder((folder) => openHome(folder, version));
    tally.add("homes");
    faults.push(...found.map((fault) => `home of ${version}: ${fault}`));
    log(`home of ${version}: ${found.length === 0 ? "opens" : found.join("; ")}`);
  }
  return { counts: tally.counts, faults };
}

async function openHome(folder: string, version: string): Promise<readonly string[]> {
  await mkdir(folder, { recursive: true });
  execFileSync("tar", ["-xzf", join(HOMES, `${version}.tar.gz`), "-C", folder]);
  const expected = JSON.parse(await readFile(join(HOMES, `${version}.json`), "utf8")) as Record<string, unknown>;
  const lab = createLab({ home: join(folder, "home"), log: () => undefined });
  try {
    // The index names folders by their whole paths, which the move has made wrong; a rebuild finds them again.
    const { problems } = await lab.rebuildStore();
    const got: Readonly<Record<string, unknown>> = await describeHome(lab);
    const wrong = Object.keys(expected).flatMap((name) => {
      const [a, b] = [JSON.stringify(expected[name]), JSON.stringify(got[name])];
      return a === b ? [] : [`${name} must be ${a}, got ${b}`];
    });
    return [...problems, ...wrong];
  } finally {
    await lab.close();
  }
}
