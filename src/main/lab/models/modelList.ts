import { existsSync } from "node:fs";
import { join } from "node:path";

import type { KeptModel } from "#main/store/cards/modelFolders.ts";
import { getRunPaths, readManifest } from "#main/store/runs/runFolder.ts";
import type { Model } from "#shared/api/evaluations.ts";
import type { Lab } from "#shared/api/lab.ts";
import { LabError } from "#shared/labError.ts";
import type { RunSummary } from "#shared/api/runs.ts";
import { describeNoise } from "#shared/image/noise.ts";
import { trainedRangeOf } from "#shared/runs/modelCard.ts";
import { networkCost } from "#shared/space/graph/costModel.ts";
import { type AnyNetworkPlan, buildNetworkGraph, genotypeHash } from "#shared/space/spaces/spaces.ts";

import { listKept, type ModelContext } from "./models.ts";

/** What models are listed with. */
export interface ModelListContext extends Pick<Lab, "listRuns">, Pick<ModelContext, "models"> {
  readonly log: (line: string) => void;
}

/**
 * Lists the trainings that have a checkpoint, newest first, then the models with cards; a folder that cannot be read is left
 * out and told.
 */
export async function listModels(context: ModelListContext): Promise<readonly Model[]> {
  const models: Model[] = [];
  for (const run of await context.listRuns()) {
    if (!hasNetwork(run)) continue;
    try {
      models.push(await toModel(run));
    } catch (error) {
      if (!(error instanceof LabError)) throw error;
      context.log(error.message);
    }
  }
  return [...models, ...(await listKept(context)).map(toKeptModel)];
}

/** Tells whether a run has left a checkpoint to go on from. */
export function hasCheckpoint({ folder }: Pick<RunSummary, "folder">): boolean {
  return existsSync(join(getRunPaths(folder).checkpoints, "last.safetensors"));
}

/** Tells whether a run is a training that has left a network to use. */
export function hasNetwork(run: Pick<RunSummary, "folder" | "kind">): boolean {
  return (
    run.kind === "train" &&
    (hasCheckpoint(run) || existsSync(join(getRunPaths(run.folder).checkpoints, "best.safetensors")))
  );
}

/** Describes the model of a training. Throws LabError `bad_data` where its folder cannot be read. */
export async function toModel(run: RunSummary): Promise<Model> {
  const manifest = await readManifest(getRunPaths(run.folder));
  if (manifest.kind !== "train") throw new LabError("bad_data", `run ${run.id}: must be a training, got a search`);
  const { genotype, config, dataset } = manifest;
  return {
    id: run.id,
    source: "training",
    runId: run.id,
    name: run.name,
    ...describeNetwork({ genotype, ...config.network }),
    noise: describeNoise(config.noise),
    trainedSigma255: trainedRangeOf(config.noise),
    dataset: dataset.name,
    best: run.best,
    createdAt: run.createdAt,
  };
}

/** Describes a model that came with a card. */
export function toKeptModel({ card, source }: KeptModel): Model {
  const { noise, trainedSigma255: range } = card;
  const kind = noise?.replaceAll("_", "-") ?? "unknown";
  return {
    id: card.hash.slice(0, 8),
    source,
    runId: null,
    name: card.name,
    ...describeNetwork({ genotype: card.genotype, ...card.network }),
    noise:
      range === null ? kind : range.from === range.to ? `${kind}-${range.from}` : `${kind}-${range.from}..${range.to}`,
    trainedSigma255: range,
    dataset: card.data?.name ?? "",
    best: null,
    createdAt: card.createdAt,
  };
}

function describeNetwork(plan: AnyNetworkPlan) {
  const { parameters, multiplyAddsPerPixel, receptiveFieldPx } = networkCost(buildNetworkGraph(plan));
  const { filters, imageChannels, noiseMap, unshuffle, genotype } = plan;
  const costs = { parameters, multiplyAddsPerPixel, receptiveFieldPx };
  return { genotypeHash: genotypeHash(genotype), filters, imageChannels, noiseMap, unshuffle, ...costs };
}
