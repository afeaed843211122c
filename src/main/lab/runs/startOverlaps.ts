import { findModel, type ModelContext } from "#main/lab/models/models.ts";
import { getRunPaths, readManifest } from "#main/store/runs/runFolder.ts";
import type { RunManifest } from "#main/store/runs/runFiles.ts";
import { readSplitFile } from "#main/store/runs/splitFile.ts";
import { letPass } from "#shared/labError.ts";
import { listParts, type RunPart, type RunSplit } from "#shared/runs/runSplit.ts";
import type { StartOverlap } from "#shared/runs/startOverlap.ts";

/** What a network learns from, and what it is measured on. */
const LEARNT: readonly RunPart[] = ["weights", "architecture", "training"];
const MEASURED: readonly RunPart[] = ["validation", "test"];

/** What a training is measured on. */
interface Measured {
  readonly dataset: RunManifest["dataset"];
  readonly split: RunSplit;
}

/** A network in the row of those that a training begins with; `before` is the one that it began with itself. */
interface StartNetwork {
  readonly overlap: StartOverlap;
  readonly before: string | null;
}

/**
 * Finds what the network that a training begins with, and those that this one began with in turn, learnt from of the photos that
 * the training is measured on; the nearest first. A network that is not there any more ends the row. Throws LabError.
 */
export async function findStartOverlaps(
  context: ModelContext,
  start: string | null,
  measured: Measured,
): Promise<readonly StartOverlap[]> {
  const found: StartOverlap[] = [];
  const asked = new Set<string>();
  for (let next = start; next !== null && !asked.has(next);) {
    asked.add(next);
    const network = await lookAt(context, next, measured);
    if (network === null) break;
    if (network.overlap.photos?.length !== 0) found.push(network.overlap);
    next = network.before;
  }
  return found;
}

async function lookAt(context: ModelContext, name: string, measured: Measured): Promise<StartNetwork | null> {
  const model = await findModel(context, name).catch(letPass("not_found"));
  if (model === undefined) return null;
  const { run, kept } = model;
  if (run !== null) return lookAtRun(run, measured);
  if (kept === null) return null; // a file that says nothing of its photos
  const dataset = kept.card.data?.name ?? ""; // cards of others need not tell
  const isSame = dataset === measured.dataset.name;
  return { overlap: { network: kept.card.name, dataset, photos: isSame ? null : [] }, before: null };
}

async function lookAtRun(
  { id, folder }: { readonly id: string; readonly folder: string },
  { dataset, split }: Measured,
): Promise<StartNetwork> {
  const paths = getRunPaths(folder);
  const manifest = await readManifest(paths);
  const before = await readSplitFile(paths);
  const isSameSet = manifest.dataset.fingerprint === dataset.fingerprint || manifest.dataset.name === dataset.name;
  const photos = before !== null ? listSeen(before, split) : isSameSet ? null : [];
  return {
    overlap: { network: manifest.name || id, dataset: manifest.dataset.name, photos },
    before: manifest.kind === "train" ? manifest.config.training.startFrom : null,
  };
}

/** Lists the photos of the second split that are measured on and that the first learnt from: by their files, or by name in the very same set. */
function listSeen(before: RunSplit, now: RunSplit): readonly string[] {
  const learnt = namesOf(before, LEARNT);
  const files = new Set(learnt.flatMap((name) => hashesOf(before, name)));
  const names = new Set(before.fingerprint === now.fingerprint ? learnt : []);
  return namesOf(now, MEASURED).filter(
    (name) => names.has(name) || hashesOf(now, name).some((hash) => files.has(hash)),
  );
}

function namesOf(split: RunSplit, wanted: readonly RunPart[]): readonly string[] {
  return listParts(split).flatMap(([part, names]) => (wanted.includes(part) ? names : []));
}

/** None of drawn photos, and in files of the first versions. */
function hashesOf({ files }: RunSplit, name: string): readonly string[] {
  return files?.[name] ?? [];
}
