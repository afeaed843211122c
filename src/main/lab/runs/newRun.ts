import { ulid } from "ulid";

import { keepArchitecture } from "#main/lab/architectures/architectures.ts";
import { findDataset } from "#main/lab/datasets/datasets.ts";
import type { FoundDataset } from "#main/lab/datasets/datasetSource.ts";
import type { DatasetPhoto } from "#main/photos/scanDataset.ts";
import { splitPhotos } from "#main/photos/splitPhotos.ts";
import { describeTrained } from "#main/store/cards/architectureCards.ts";
import { getOwnIdentity } from "#main/files/processIdentity.ts";
import type { RunManifest, RunStatus } from "#main/store/runs/runFiles.ts";
import { createRunFolder, type RunPaths } from "#main/store/runs/runFolder.ts";
import { findStartFile, keepStartFile } from "#main/store/runs/startFile.ts";
import { toRunSummary } from "#main/store/runs/runSummary.ts";
import type { RunSummary } from "#shared/api/runs.ts";
import { LabError } from "#shared/labError.ts";
import type { EvaluationConfig, SearchConfig, TrainConfig } from "#shared/runs/config.ts";
import type { Genotype } from "#shared/space/cells/genotype.ts";
import { largestScale } from "#shared/space/graph/networkGraph.ts";
import { buildNetworkGraph } from "#shared/space/spaces/spaces.ts";

import { findModel, type ModelContext } from "#main/lab/models/models.ts";
import { type RunPlan, startRunJob } from "./runJob.ts";
import type { RunsContext } from "./runsContext.ts";

/** What a run does with its data: the photos, and the question to the compute process. */
type RunWork = (paths: RunPaths) => Pick<RunPlan, "photos" | "begin">;
type SearchContext = RunsContext & Parameters<typeof findDataset>[0];
type TrainingContext = SearchContext & ModelContext & Parameters<typeof keepArchitecture>[0];

/** Starts a search. Throws LabError for data that cannot be used, before any run is made. */
export async function startSearch(context: SearchContext, config: SearchConfig): Promise<RunSummary> {
  const found = await findDataset(context, config.data.dataset);
  return startNewRun(context, { ...buildIdentity(config, found), kind: "search", config }, planSearch(config, found));
}

/** Starts the training of a derived network. Throws LabError for data or patches that cannot be used, before any run is made. */
export async function startTraining(
  context: TrainingContext,
  config: TrainConfig,
  genotype: Genotype,
): Promise<RunSummary> {
  checkPatches(config, genotype);
  const { startFrom } = config.training;
  const start = startFrom === null ? null : (await findModel(context, startFrom)).checkpointFile;
  const found = await findDataset(context, config.data.dataset);
  const work = planTraining(config, genotype, found);
  await keepArchitecture(context, genotype, describeTrained(genotype, found.dataset.name));
  const manifest = { ...buildIdentity(config, found), kind: "train", config, genotype } as const;
  return startNewRun(context, manifest, work, async (paths) => {
    if (start !== null) await keepStartFile(paths, start);
  });
}

/** A network that halves the resolution takes pictures that it can halve; settings alone do not say how often it does. */
function checkPatches({ network, training: { patchSize } }: TrainConfig, genotype: Genotype): void {
  const scale = largestScale(buildNetworkGraph({ genotype, ...network }));
  if (patchSize % scale === 0) return;
  const what = `training.patchSize must be a multiple of ${scale} for this network, got ${patchSize}`;
  throw new LabError("bad_config", `train: ${what}`);
}

/** Plans a search: the split's halves and validation photos. */
export function planSearch(config: SearchConfig, found: FoundDataset): RunWork {
  const { weights, architecture, validation } = splitPhotos(pickPhotos(config, found), config.data.validationShare);
  return ({ folder }) => ({
    photos: [
      ["weights", weights],
      ["architecture", architecture],
      ["validation", validation],
    ],
    begin: (compute, resume) => compute.search({ config, folder, resume }),
  });
}

/** Plans a training: both halves of the search split are for training. */
export function planTraining(config: TrainConfig, genotype: Genotype, found: FoundDataset): RunWork {
  const { weights, architecture, validation } = splitPhotos(pickPhotos(config, found), config.data.validationShare);
  return (paths) => ({
    photos: [
      ["training", [...weights, ...architecture]],
      ["validation", validation],
    ],
    begin: async (compute, resume) => {
      const start = config.training.startFrom === null ? null : await findStartFile(paths);
      return compute.train({ config, genotype, folder: paths.folder, resume, start });
    },
  });
}

/** The part of a run's manifest that searches and trainings have in common. */
function buildIdentity(config: SearchConfig | TrainConfig, { dataset }: FoundDataset) {
  const name = config.name === "" ? `${dataset.name}, seed ${config.seed}` : config.name;
  return {
    schema: "hinas.run",
    version: 1,
    id: ulid(),
    name,
    createdAt: new Date().toISOString(),
    dataset,
    study: null,
  } as const;
}

/** Picks the photos that a configuration asks for. Throws LabError `bad_data` where noise of pairs has no pairs. */
export function pickPhotos(
  { data, noise }: Pick<SearchConfig | TrainConfig | EvaluationConfig, "data" | "noise">,
  { dataset, scan }: FoundDataset,
): readonly DatasetPhoto[] {
  if (noise.kind === "paired" && dataset.noisyFolder === null) {
    throw new LabError("bad_data", `data: noise "paired" needs pairs, got clean photos only in ${dataset.name}`);
  }
  return scan.photos.slice(0, data.maxPhotos);
}

/** Creates the folder of a new run, which this process owns, puts into it what else it needs, and starts the work on it. */
async function startNewRun(
  context: RunsContext,
  manifest: RunManifest,
  work: RunWork,
  furnish: (paths: RunPaths) => Promise<void> = async () => undefined,
): Promise<RunSummary> {
  const { runs } = context.paths;
  const status: RunStatus = {
    schema: "hinas.status",
    version: 1,
    state: "queued",
    reason: null,
    errorKind: null,
    step: 0,
    totalSteps: manifest.kind === "train" ? manifest.config.training.steps : 0,
    secondsPerStep: null,
    best: null,
    engine: null,
    earlierEngines: [],
    ownershipEpoch: 1,
    owner: getOwnIdentity(),
    worker: null,
    heartbeatAt: new Date().toISOString(),
  };
  const paths = await createRunFolder(runs, manifest, status);
  await furnish(paths);
  context.getStore().runs.put(toRunSummary(paths.folder, manifest, status));
  return startRunJob(context, {
    paths,
    manifest,
    status,
    from: "the_start",
    mayChangeEngine: false,
    ...work(paths),
  }).getSummary();
}
