import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join } from "node:path";

import type { Candidate, RunSummary } from "#shared/api/runs.ts";
import { evaluationSchema } from "#shared/runs/evaluation.ts";
import { ACTIVE_STATES } from "#shared/runs/runEvent.ts";

import { type ArchitectureCard, openArchitectureCards } from "#main/store/cards/architectureCards.ts";
import type { CardFolder } from "#main/store/cards/cards.ts";
import { type DatasetCard, openDatasetCards } from "#main/store/cards/datasetCards.ts";
import { openNoiseProfileCards } from "#main/store/cards/noiseProfileCards.ts";
import { readEvents } from "#main/store/runs/eventLog.ts";
import { runManifestSchema, runStatusSchema } from "#main/store/runs/runFiles.ts";
import { getRunPaths, type RunPaths } from "#main/store/runs/runFolder.ts";
import { toDerivedCards } from "#main/store/runs/foundArchitectures.ts";
import {
  EVALUATION_FILE,
  GENOTYPE_FILE,
  pickCandidates,
  toDerived,
  toEvaluationRow,
} from "#main/store/runs/runProducts.ts";
import { toRunSummary } from "#main/store/runs/runSummary.ts";
import { listStudies, putStudies } from "#main/store/studies/foundStudies.ts";

import { getHomePaths } from "./labHome.ts";
import type { Store } from "./openStore.ts";

/**
 * Brings into the index what a process wrote into folders and did not come to index before it died: runs, how they ended,
 * genotypes and evaluations of theirs, where they lie since the home was moved, cards of all that has any; and takes runs
 * out whose folder is gone. Only what the index lacks is read, so that it can be done at each start. Folders and files that
 * cannot be read are left to a rebuild, which tells of them.
 */
export function reconcileStore(store: Store, home: string): void {
  const { runs, studies } = getHomePaths(home);
  const architectures = reconcileCards(store, home);
  putStudies(store.studies, studies, listStudies(studies).rows);
  if (!existsSync(runs)) return;
  const known = new Map(store.runs.list().map((run) => [run.id, run]));
  // The first run that knows an architecture tells best where it is from.
  for (const name of readdirSync(runs).toSorted()) {
    const id = /^run-([0-9A-Z]+)$/.exec(name)?.[1];
    if (id === undefined) continue;
    const paths = getRunPaths(join(runs, name));
    passOver(() => {
      reconcileRun(store, id, paths, known.get(id) ?? null);
      reconcileGenotypes(store, id, paths, architectures.has);
      reconcileEvaluations(store, id, paths);
    });
  }
  for (const { id, folder } of store.runs.list()) if (!existsSync(folder)) store.runs.remove(id);
}

function reconcileRun(store: Store, id: string, paths: RunPaths, known: RunSummary | null): void {
  const status = runStatusSchema.parse(readJson(paths.status));
  // How a run at work is doing is asked of its folder anyway.
  const [now, indexedAs] = [status.state, known?.state ?? null];
  const isAsIndexed =
    now === indexedAs || (indexedAs !== null && ACTIVE_STATES.has(now) && ACTIVE_STATES.has(indexedAs));
  if (!isAsIndexed || known?.folder !== paths.folder) {
    const candidates = isAsIndexed ? null : readCandidates(paths);
    const manifest = runManifestSchema.parse(readJson(paths.resolved));
    const summary = { ...toRunSummary(paths.folder, manifest, status), state: now, reason: status.reason };
    store.inTransaction(() => {
      store.runs.put(summary);
      if (candidates !== null) store.candidates.replaceFrom(id, 0, candidates);
    });
  }
}

/** Indexes genotypes that were derived, and puts them into the library unless a person took them out, of which a card tells. */
function reconcileGenotypes(store: Store, id: string, paths: RunPaths, hasCard: (hash: string) => boolean): void {
  const isKept = (hash: string): boolean => store.architectures.has(hash) || hasCard(hash);
  const indexed = new Map(store.genotypes.listOfRun(id).map((row) => [row.epoch, row]));
  for (const name of listNames(paths.genotypes)) {
    const epoch = Number(GENOTYPE_FILE.exec(name)?.[1] ?? NaN);
    const row = indexed.get(epoch);
    if (Number.isNaN(epoch) || (row !== undefined && isKept(row.hash))) continue;
    passOver(() => {
      const file = join(paths.genotypes, name);
      const derived = toDerived(id, epoch, file, readJson(file), statSync(file).mtime);
      const manifest = runManifestSchema.parse(readJson(paths.resolved));
      const cards = isKept(derived.row.hash) ? [] : toDerivedCards({ manifest, derived: [derived] });
      store.inTransaction(() => {
        store.genotypes.put(derived.row);
        for (const card of cards) store.architectures.put(card);
      });
    });
  }
}

function reconcileEvaluations(store: Store, id: string, paths: RunPaths): void {
  const indexed = new Set(store.evaluations.listOfRun(id).map((row) => row.id));
  for (const name of listNames(paths.evaluations)) {
    const evaluation = EVALUATION_FILE.exec(name)?.[1];
    if (evaluation === undefined || indexed.has(evaluation)) continue;
    passOver(() => {
      const content = evaluationSchema.parse(readJson(join(paths.evaluations, name)));
      store.evaluations.put(toEvaluationRow(evaluation, id, content));
    });
  }
}

/** Indexes what has a card, and returns the folder of the architectures' cards; that of one that was taken out remains. */
function reconcileCards(store: Store, home: string): CardFolder<ArchitectureCard> {
  const paths = getHomePaths(home);
  const architectures = openArchitectureCards(paths.architectures);
  putUnknown(store, openDatasetCards(paths.datasets), hasName(store.datasets.list()), store.datasets.put);
  for (const card of store.datasets.list()) {
    const folder = findOwnFolder(paths.publicSets, card);
    if (folder !== null) store.datasets.put({ ...card, folder });
  }
  putUnknown(
    store,
    openNoiseProfileCards(paths.noiseProfiles),
    hasName(store.noiseProfiles.list()),
    store.noiseProfiles.put,
  );
  putUnknown(store, architectures, store.architectures.has, (card) => {
    if (card.removedAt === undefined) store.architectures.put(card);
  });
  return architectures;
}

/** A set that was downloaded lies in the home, also since that was moved or copied; null where its row says so, or nothing is there. */
function findOwnFolder(publicSets: string, { download, folder }: DatasetCard): string | null {
  // The home may have been on another system.
  const [parent = "", name = ""] = folder.split(/[\\/]/).slice(-2);
  const own = join(publicSets, name);
  const isOther = download !== null && parent === basename(publicSets) && own !== folder;
  return isOther && existsSync(own) ? own : null;
}

function hasName(rows: readonly { readonly name: string }[]): (name: string) => boolean {
  const names = new Set(rows.map(({ name }) => name));
  return (name) => names.has(name);
}

/** A card may go meanwhile; its row goes after it. */
function putUnknown<Card>(
  store: Store,
  folder: CardFolder<Card>,
  isKnown: (name: string) => boolean,
  put: (card: Card) => void,
): void {
  const unknown = folder.readUnknown(isKnown);
  if (unknown.length === 0) return;
  store.inTransaction(() => {
    for (const { name, card } of unknown) if (folder.has(name)) put(card);
  });
}

/** What copies a home may leave out folders that are empty. */
function listNames(folder: string): readonly string[] {
  return existsSync(folder) ? readdirSync(folder).toSorted() : [];
}

/** Most runs have none, and a long one's events take seconds to parse. */
function readCandidates({ events }: RunPaths): readonly Candidate[] {
  return readFileSync(events).includes('"type":"candidate"') ? pickCandidates(readEvents(events)) : [];
}

function readJson(file: string): unknown {
  return JSON.parse(readFileSync(file, "utf8"));
}

/** One folder that is damaged, or is being removed, says nothing about the others. */
function passOver(act: () => void): void {
  try {
    act();
  } catch {
    return;
  }
}
