import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename, dirname, join, relative, resolve } from "node:path";

import { toDiskError } from "#main/files/diskError.ts";
import type { Store } from "#main/store/openStore.ts";
import { getRunPaths } from "#main/store/runs/runFolder.ts";
import type { Lab } from "#shared/api/lab.ts";
import { LabError } from "#shared/labError.ts";

/** What models are found with. */
export interface ModelContext extends Pick<Lab, "showRun"> {
  getStore(): Pick<Store, "runs">;
}

/** A checkpoint file and the run that it belongs to; null for a file from elsewhere. */
export interface FoundModel {
  readonly checkpointFile: string;
  readonly run: { readonly id: string; readonly folder: string } | null;
}

/** Finds a model by a checkpoint file, or by a training run, whose best checkpoint is taken, else its last. Throws LabError. */
export async function findModel(context: ModelContext, model: string): Promise<FoundModel> {
  const file = resolve(model);
  if (model.endsWith(".safetensors") || existsSync(file)) return findByFile(context, file);
  const run = await context.showRun(model);
  if (run.kind !== "train") {
    throw new LabError("bad_config", `model: run ${run.id} must be a training, got a search; train its genotype first`);
  }
  const { checkpoints } = getRunPaths(run.folder);
  const checkpointFile = ["best.safetensors", "last.safetensors"]
    .map((name) => join(checkpoints, name))
    .find((each) => existsSync(each));
  if (checkpointFile === undefined) throw new LabError("not_found", `model: run ${run.id} has no checkpoint yet`);
  return { checkpointFile, run };
}

/** Names a model's exact weights: the first 8 hexadecimal digits of the checkpoint file's SHA-256. */
export async function hashModel({ checkpointFile }: FoundModel): Promise<string> {
  const bytes = await readFile(checkpointFile).catch((cause: unknown) => {
    throw toDiskError(`read ${checkpointFile}`, cause);
  });
  return createHash("sha256").update(bytes).digest("hex").slice(0, 8);
}

/** A file in a run's `checkpoints` belongs to that run. */
function findByFile(context: Pick<ModelContext, "getStore">, file: string): FoundModel {
  if (!existsSync(file)) throw new LabError("not_found", `model: no checkpoint file ${file}`);
  const folder = dirname(dirname(file));
  const id = basename(folder).replace(/^run-/, "");
  const isOfRun = relative(getRunPaths(folder).checkpoints, file) === basename(file);
  const run = isOfRun ? context.getStore().runs.find(id) : null;
  return { checkpointFile: file, run };
}
