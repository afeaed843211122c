import { existsSync } from "node:fs";
import { mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";

import { LabError } from "#shared/api/labError.ts";
import type { RunSummary } from "#shared/api/runs.ts";

import { openArchitectureCards } from "./architectureCards.ts";
import { openDatasetCards } from "./datasetCards.ts";
import type { EvaluationRow } from "./evaluationTable.ts";
import type { GenotypeRow } from "./genotypeTable.ts";
import { getHomePaths } from "./labHome.ts";
import { openNoiseProfileCards } from "./noiseProfileCards.ts";
import { openStore, type Store } from "./openStore.ts";
import { listEvaluations, listGenotypes } from "./runProducts.ts";
import { getRunPaths } from "./runFolder.ts";
import { readRunSummary } from "./runSummary.ts";
import { moveToTrash } from "./trash.ts";

interface FoundRun {
  readonly summary: RunSummary;
  readonly genotypes: readonly GenotypeRow[];
  readonly evaluations: readonly EvaluationRow[];
}

/**
 * Makes the index agree with the folders in the lab's home. A damaged database is moved to the trash first. Runs that
 * other processes start meanwhile stay; folders that cannot be read are left alone and reported as problems.
 */
export async function rebuildStore(
  home: string,
): Promise<{ readonly runs: number; readonly problems: readonly string[] }> {
  const store = await openOrReplace(home);
  try {
    const paths = getHomePaths(home);
    const datasets = await openDatasetCards(paths.datasets).readAll();
    const architectures = await openArchitectureCards(paths.architectures).readAll();
    const profiles = await openNoiseProfileCards(paths.noiseProfiles).readAll();
    const { found, problems } = await findRuns(paths.runs);
    store.inTransaction(() => {
      for (const card of datasets.cards) store.datasets.put(card);
      for (const card of architectures.cards) store.architectures.put(card);
      for (const card of profiles.cards) store.noiseProfiles.put(card);
      for (const run of found) putRun(store, run);
      for (const run of store.runs.list()) if (!existsSync(run.folder)) store.runs.remove(run.id);
    });
    return {
      runs: found.length,
      problems: [...[datasets, architectures, profiles].flatMap((cards) => cards.problems), ...problems],
    };
  } finally {
    store.close();
  }
}

async function openOrReplace(home: string): Promise<Store> {
  try {
    return openStore(home);
  } catch (error) {
    if (!(error instanceof LabError) || error.kind !== "bad_data") throw error;
  }
  const paths = getHomePaths(home);
  for (const suffix of ["", "-wal", "-shm"]) {
    if (existsSync(paths.database + suffix)) await moveToTrash(paths.trash, paths.database + suffix);
  }
  return openStore(home);
}

async function findRuns(runsFolder: string): Promise<{ found: FoundRun[]; problems: string[] }> {
  const found: FoundRun[] = [];
  const problems: string[] = [];
  await mkdir(runsFolder, { recursive: true });
  for (const name of (await readdir(runsFolder)).toSorted()) {
    if (!/^run-[0-9A-Z]+$/.test(name)) continue;
    try {
      found.push(await readRun(join(runsFolder, name), problems));
    } catch (error) {
      problems.push(error instanceof Error ? error.message : String(error));
    }
  }
  return { found, problems };
}

async function readRun(folder: string, problems: string[]): Promise<FoundRun> {
  const summary = await readRunSummary(folder);
  const paths = getRunPaths(folder);
  const genotypes = await listGenotypes(paths, summary.id);
  const evaluations = await listEvaluations(paths, summary.id);
  problems.push(...genotypes.problems, ...evaluations.problems);
  return { summary, genotypes: genotypes.rows, evaluations: evaluations.rows };
}

function putRun(store: Store, { summary, genotypes, evaluations }: FoundRun): void {
  store.runs.put(summary);
  for (const row of genotypes) store.genotypes.put(row);
  for (const row of evaluations) store.evaluations.put(row);
}
