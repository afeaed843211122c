import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename, dirname, join, relative, resolve } from "node:path";

import { toDiskError } from "#main/files/diskError.ts";
import type { KeptModel, ModelFolders } from "#main/store/cards/modelFolders.ts";
import type { Store } from "#main/store/openStore.ts";
import { getRunPaths, readManifest } from "#main/store/runs/runFolder.ts";
import type { Lab } from "#shared/api/lab.ts";
import { LabError } from "#shared/labError.ts";
import { type ModelCard, trainedRangeOf } from "#shared/runs/modelCard.ts";

/** What models are found with. */
export interface ModelContext extends Pick<Lab, "showRun"> {
  readonly models: Pick<ModelFolders, "list">;
  readonly log: (line: string) => void;
  getStore(): Pick<Store, "runs">;
}

/** A network's file, and what it belongs to: a run, or a card; neither for a file from elsewhere. */
export interface FoundModel {
  readonly checkpointFile: string;
  readonly run: { readonly id: string; readonly folder: string } | null;
  readonly kept: KeptModel | null;
}

/** The shortest beginning of a hash that names a model. */
const SHORTEST_HASH = 6;

/**
 * Finds a model by its file, by the name or the beginning of the hash of one with a card, or by a training run, whose best
 * checkpoint is taken, else its last. Throws LabError.
 */
export async function findModel(context: ModelContext, model: string): Promise<FoundModel> {
  const file = resolve(model);
  if (/\.(safetensors|onnx)$/i.test(model) || existsSync(file)) return findByFile(context, file);
  const kept = await findKept(context, model);
  if (kept !== null) return { checkpointFile: kept.file, run: null, kept };
  const run = await context.showRun(model);
  if (run.kind !== "train") {
    throw new LabError("bad_config", `run ${run.id} must be a training, got a search; train its genotype first`);
  }
  const { checkpoints } = getRunPaths(run.folder);
  const checkpointFile = ["best.safetensors", "last.safetensors"]
    .map((name) => join(checkpoints, name))
    .find((each) => existsSync(each));
  if (checkpointFile === undefined) throw new LabError("not_found", `run ${run.id} has no checkpoint yet`);
  return { checkpointFile, run, kept: null };
}

/** Finds a model with a card by its name, or the beginning of its hash; null where there is none. */
export async function findKept(
  context: Pick<ModelContext, "models" | "log">,
  model: string,
): Promise<KeptModel | null> {
  const known = await listKept(context);
  const byHash = model.length < SHORTEST_HASH ? undefined : known.find(({ card }) => card.hash.startsWith(model));
  return known.find(({ card }) => card.name === model) ?? byHash ?? null;
}

/** Lists the models with cards; those that cannot be read are told. */
export async function listKept({ models, log }: Pick<ModelContext, "models" | "log">): Promise<readonly KeptModel[]> {
  const { models: kept, problems } = await models.list();
  problems.forEach(log);
  return kept;
}

/** Names a model's exact weights: the first 8 hexadecimal digits of the hash on its card, or of the checkpoint file's SHA-256. */
export async function hashModel({ checkpointFile, kept }: FoundModel): Promise<string> {
  if (kept !== null) return kept.card.hash.slice(0, 8);
  const bytes = await readFile(checkpointFile).catch((cause: unknown) => {
    throw toDiskError(`read ${checkpointFile}`, cause);
  });
  return createHash("sha256").update(bytes).digest("hex").slice(0, 8);
}

/** Says what a model is called and which noise it was trained for, as far as its card or its run tells. Throws LabError. */
export async function describeTrained({
  kept,
  run,
  checkpointFile,
}: FoundModel): Promise<Pick<ModelCard, "name" | "trainedSigma255">> {
  if (kept !== null) return kept.card;
  if (run === null) return { name: basename(checkpointFile), trainedSigma255: null };
  const manifest = await readManifest(getRunPaths(run.folder));
  return { name: manifest.name || run.id, trainedSigma255: trainedRangeOf(manifest.config.noise) };
}

/** A file in a run's `checkpoints` belongs to that run. */
function findByFile(context: Pick<ModelContext, "getStore">, file: string): FoundModel {
  if (!existsSync(file)) throw new LabError("not_found", `there is no checkpoint file ${file}`);
  const folder = dirname(dirname(file));
  const id = basename(folder).replace(/^run-/, "");
  const isOfRun = relative(getRunPaths(folder).checkpoints, file) === basename(file);
  const run = isOfRun ? context.getStore().runs.find(id) : null;
  return { checkpointFile: file, run, kept: null };
}
