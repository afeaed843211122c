import { existsSync } from "node:fs";
import { mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";

import { LabError } from "#shared/labError.ts";
import type { Candidate, RunSummary } from "#shared/api/runs.ts";

import { type ArchitectureCard, openArchitectureCards } from "#main/store/cards/architectureCards.ts";
import { openDatasetCards } from "#main/store/cards/datasetCards.ts";
import type { EvaluationRow } from "#main/store/tables/evaluationTable.ts";
import { type RunArchitectures, toFoundCards } from "#main/store/runs/foundArchitectures.ts";
import { getHomePaths } from "./labHome.ts";
import { removeUnfinishedRuns } from "./leftovers.ts";
import { openNoiseProfileCards } from "#main/store/cards/noiseProfileCards.ts";
import { openStore, type Store } from "./openStore.ts";
import { listCandidates, listEvaluations, listGenotypes } from "#main/store/runs/runProducts.ts";
import { getRunPaths, readManifest, readStatus } from "#main/store/runs/runFolder.ts";
import { toRunSummary } from "#main/store/runs/runSummary.ts";
import { listStudies, putStudies } from "#main/store/studies/foundStudies.ts";
import { moveToTrash } from "./trash.ts";

interface FoundRun extends RunArchitectures {
  readonly summary: RunSummary;
  readonly candidates: readonly Candidate[];
  readonly evaluations: readonly EvaluationRow[];
}

/**
 * Makes the index agree with the folders in the lab's home. A damaged database is moved to the trash first. Runs that
 * other processes start meanwhile stay; folders that cannot be read are left alone and reported as problems. Architectures
 * that only the database or a run knows get a card, so that they outlive both; those that a person removed stay away.
 * Folders of runs that were never finished being made are removed.
 */
export async function rebuildStore(
  home: string,
): Promise<{ readonly runs: number; readonly problems: readonly string[] }> {
  const store = await openOrReplace(home);
  try {
    const paths = getHomePaths(home);
    const datasets = await openDatasetCards(paths.datasets).readAll();
    const architectureCards = openArchitectureCards(paths.architectures);
    const architectures = await architectureCards.readAll();
    const profiles = await openNoiseProfileCards(paths.noiseProfiles).readAll();
    const { found, problems } = await findRuns(paths.runs);
    const studies = listStudies(paths.studies);
    const added = findWithoutCard(architectures.cards, [...store.architectures.list(), ...toFoundCards(found)]);
    // A card that cannot be read is for a person to repair.
    for (const card of added) if (!architectureCards.has(card.hash)) await architectureCards.write(card.hash, card);
    store.inTransaction(() => {
      for (const card of datasets.cards) store.datasets.put(card);
      for (const card of [...architectures.cards, ...added]) putArchitecture(store, card);
      for (const card of profiles.cards) store.noiseProfiles.put(card);
      for (const run of found) putRun(store, run);
      putStudies(store.studies, paths.studies, studies.rows);
      for (const run of store.runs.list()) if (!existsSync(run.folder)) store.runs.remove(run.id);
    });
    return {
      runs: found.length,
      problems: [
        ...[datasets, architectures, profiles].flatMap((cards) => cards.problems),
        ...problems,
        ...studies.problems,
      ],
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
  await removeUnfinishedRuns(runsFolder);
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
  const paths = getRunPaths(folder);
  const manifest = await readManifest(paths);
  const summary = toRunSummary(folder, manifest, await readStatus(paths));
  const genotypes = await listGenotypes(paths, summary.id);
  const candidates = await listCandidates(paths);
  const evaluations = await listEvaluations(paths, summary.id);
  problems.push(...[genotypes, candidates, evaluations].flatMap((products) => products.problems));
  return { manifest, summary, derived: genotypes.rows, candidates: candidates.rows, evaluations: evaluations.rows };
}

/** Of those with the same hash the first counts: what the database knows has the name that a person gave it. */
function findWithoutCard(
  cards: readonly ArchitectureCard[],
  known: readonly ArchitectureCard[],
): readonly ArchitectureCard[] {
  const seen = new Set(cards.map(({ hash }) => hash));
  return known.filter(({ hash }) => {
    const isNew = !seen.has(hash);
    seen.add(hash);
    return isNew;
  });
}

function putArchitecture(store: Store, card: ArchitectureCard): void {
  if (card.removedAt === undefined) store.architectures.put(card);
  else store.architectures.remove(card.hash);
}

function putRun(store: Store, { summary, derived, candidates, evaluations }: FoundRun): void {
  store.runs.put(summary);
  store.candidates.replaceFrom(summary.id, 0, candidates);
  for (const { row } of derived) store.genotypes.put(row);
  for (const row of evaluations) store.evaluations.put(row);
}
