import { existsSync } from "node:fs";
import { join } from "node:path";

import { getRunPaths, readManifest } from "#main/store/runs/runFolder.ts";
import type { Model } from "#shared/api/evaluations.ts";
import type { Lab } from "#shared/api/lab.ts";
import { LabError } from "#shared/labError.ts";
import type { RunSummary } from "#shared/api/runs.ts";
import { describeNoise } from "#shared/image/noise.ts";
import { networkCost } from "#shared/space/graph/costModel.ts";
import { buildNetworkGraph, genotypeHash } from "#shared/space/spaces/spaces.ts";

/** What models are listed with. */
export interface ModelListContext extends Pick<Lab, "listRuns"> {
  readonly log: (line: string) => void;
}

/** Lists the trainings that have a checkpoint, newest first; a folder that cannot be read is left out and told. */
export async function listModels(context: ModelListContext): Promise<readonly Model[]> {
  const models: Model[] = [];
  for (const run of await context.listRuns()) {
    if (run.kind !== "train" || !hasCheckpoint(run)) continue;
    try {
      models.push(await toModel(run));
    } catch (error) {
      if (!(error instanceof LabError)) throw error;
      context.log(error.message);
    }
  }
  return models;
}

/** Tells whether a run has left a checkpoint. */
export function hasCheckpoint({ folder }: Pick<RunSummary, "folder">): boolean {
  return existsSync(join(getRunPaths(folder).checkpoints, "last.safetensors"));
}

async function toModel(run: RunSummary): Promise<Model> {
  const manifest = await readManifest(getRunPaths(run.folder));
  if (manifest.kind !== "train") throw new LabError("bad_data", `run ${run.id}: must be a training, got a search`);
  const { genotype, config, dataset } = manifest;
  const graph = buildNetworkGraph({ genotype, ...config.network });
  const { parameters, multiplyAddsPerPixel, receptiveFieldPx } = networkCost(graph);
  return {
    runId: run.id,
    name: run.name,
    genotypeHash: genotypeHash(genotype),
    filters: config.network.filters,
    imageChannels: config.network.imageChannels,
    parameters,
    multiplyAddsPerPixel,
    receptiveFieldPx,
    noise: describeNoise(config.noise),
    dataset: dataset.name,
    best: run.best,
    createdAt: run.createdAt,
  };
}
