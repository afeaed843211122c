import { rm } from "node:fs/promises";
import { join } from "node:path";

import { ulid } from "ulid";

import { keepArchitecture } from "#main/lab/architectures/architectures.ts";
import { findDataset } from "#main/lab/datasets/datasets.ts";
import type { FoundDataset } from "#main/lab/datasets/datasetSource.ts";
import { hashPhotos } from "#main/photos/fingerprintDataset.ts";
import { partPhotos } from "#main/photos/partPhotos.ts";
import type { DatasetPhoto } from "#main/photos/scanDataset.ts";
import { describeTrained } from "#main/store/cards/architectureCards.ts";
import { getOwnIdentity } from "#main/files/processIdentity.ts";
import type { RunManifest, RunStatus } from "#main/store/runs/runFiles.ts";
import { createRunFolder, getRunPaths, type RunPaths, writeJson } from "#main/store/runs/runFolder.ts";
import { describeSplit } from "#main/store/runs/describeSplit.ts";
import { findStartFile, keepStartFile } from "#main/store/runs/startFile.ts";
import { readRunSummary, toRunSummary } from "#main/store/runs/runSummary.ts";
import type { RunSummary } from "#shared/api/runs.ts";
import { LabError } from "#shared/labError.ts";
import type { EvaluationConfig, SearchConfig, TrainConfig } from "#shared/runs/config.ts";
import type { RunSplit } from "#shared/runs/runSplit.ts";
import { largestScale } from "#shared/space/graph/networkGraph.ts";
import { type AnyGenotype, buildNetworkGraph } from "#shared/space/spaces/spaces.ts";

import { findModel, type ModelContext } from "#main/lab/models/models.ts";
import { giveTo } from "#main/lab/executors/executor.ts";
import { handOver, type HandOverContext } from "#main/lab/sites/handOver.ts";
import { readSite } from "#main/lab/sites/siteFiles.ts";
import type { RunPlan } from "./runJob.ts";
import type { RunsContext } from "./runsContext.ts";
import { findStartOverlaps } from "./startOverlaps.ts";

/** What a run does with its data: the photos, and the question to the compute process. */
type RunWork = (paths: RunPaths) => Pick<RunPlan, "photos" | "begin"> & {
  /** Photos that the compute process never gets. */
  readonly test: readonly DatasetPhoto[];
};
type StartContext = RunsContext & HandOverContext & { readonly paths: { readonly sites: string } };
type SearchContext = StartContext & Parameters<typeof findDataset>[0];
type TrainingContext = SearchContext & ModelContext & Parameters<typeof keepArchitecture>[0];

/** What a study decides of a run of its own before it is made. */
export interface StudyMembership {
  readonly study: string;
  readonly runId: string;
}

/** Where a run is done, and what it is a part of; left out, it is done here, for nobody but the person. */
export interface RunPlacement {
  readonly site?: string | null;
  readonly membership?: StudyMembership | null;
}

/**
 * Starts a search, here or at a site, for a study where it belongs to one. Throws LabError for data that cannot be used, before
 * any run is made, and `not_found` for an unknown site.
 */
export async function startSearch(
  context: SearchContext,
  config: SearchConfig,
  { site = null, membership = null }: RunPlacement = {},
): Promise<RunSummary> {
  const found = await findDataset(context, config.data.dataset);
  const work = planSearch(context.paths.latencies, config, found);
  return startNewRun(context, { ...buildIdentity(config, found, membership), kind: "search", config }, { work, site });
}

/** Starts the training of a derived network, here or at a site. Throws LabError as `startSearch`, and for patches that cannot be used. */
export async function startTraining(
  context: TrainingContext,
  config: TrainConfig,
  genotype: AnyGenotype,
  { site = null, membership = null }: RunPlacement = {},
): Promise<RunSummary> {
  checkPatches(config, genotype);
  const { startFrom } = config.training;
  const start = startFrom === null ? null : (await findModel(context, startFrom)).checkpointFile;
  const found = await findDataset(context, config.data.dataset);
  const work = planTraining(config, genotype, found);
  await keepArchitecture(context, genotype, describeTrained(genotype, found.dataset.name));
  const manifest = { ...buildIdentity(config, found, membership), kind: "train", config, genotype } as const;
  const furnish = async (paths: RunPaths, split: RunSplit): Promise<RunSplit> => {
    if (start === null) return split;
    await keepStartFile(paths, start);
    const { dataset } = manifest;
    return { ...split, start: await findStartOverlaps(context, startFrom, { dataset, split }) };
  };
  return startNewRun(context, manifest, { work, site, furnish });
}

/** A network that halves the resolution takes pictures that it can halve; settings alone do not say how often it does. */
function checkPatches({ network, training: { patchSize } }: TrainConfig, genotype: AnyGenotype): void {
  const scale = largestScale(buildNetworkGraph({ genotype, ...network }));
  if (patchSize % scale === 0) return;
  const what = `training.patchSize must be a multiple of ${scale} for this network, got ${patchSize}`;
  throw new LabError("bad_config", what);
}

/** Plans a search: the split's halves and validation photos. Latencies that it measures are kept in `latencyFolder`, if any. */
function planSearch(latencyFolder: string | null, config: SearchConfig, found: FoundDataset): RunWork {
  const { weights, architecture, validation, test } = partPhotos(pickPhotos(config, found), config.data);
  return ({ folder }) => ({
    photos: [
      ["weights", weights],
      ["architecture", architecture],
      ["validation", validation],
    ],
    test,
    begin: (compute, resume) =>
      compute.search({ config, folder, resume, ...(latencyFolder === null ? {} : { latencyFolder }) }),
  });
}

/** Plans a training: both halves of the search split are for training. */
function planTraining(config: TrainConfig, genotype: AnyGenotype, found: FoundDataset): RunWork {
  const { weights, architecture, validation, test } = partPhotos(pickPhotos(config, found), config.data);
  return (paths) => ({
    photos: [
      ["training", [...weights, ...architecture]],
      ["validation", validation],
    ],
    test,
    begin: async (compute, resume) => {
      const start = config.training.startFrom === null ? null : await findStartFile(paths);
      return compute.train({ config, genotype, folder: paths.folder, resume, start });
    },
  });
}

/** Plans what a run's manifest says. */
export function planRun(manifest: RunManifest, latencyFolder: string | null, found: FoundDataset): RunWork {
  return manifest.kind === "search"
    ? planSearch(latencyFolder, manifest.config, found)
    : planTraining(manifest.config, manifest.genotype, found);
}

/** The part of a run's manifest that searches and trainings have in common. */
function buildIdentity(
  config: SearchConfig | TrainConfig,
  { dataset }: FoundDataset,
  membership: StudyMembership | null,
) {
  const name = config.name === "" ? `${dataset.name}, seed ${config.seed}` : config.name;
  return {
    schema: "hinas.run",
    version: 1,
    id: membership?.runId ?? ulid(),
    name,
    createdAt: new Date().toISOString(),
    dataset,
    study: membership?.study ?? null,
  } as const;
}

/** Picks the photos that a configuration asks for. Throws LabError `bad_data` where noise of pairs has no pairs. */
export function pickPhotos(
  { data, noise }: Pick<SearchConfig | TrainConfig | EvaluationConfig, "data" | "noise">,
  { dataset, scan }: FoundDataset,
): readonly DatasetPhoto[] {
  if (noise.kind === "paired" && dataset.noisyFolder === null) {
    throw new LabError(
      "bad_data",
      `noise "paired" needs pairs of a clean and a noisy photo, and ${dataset.name} has clean ones only`,
    );
  }
  return scan.photos.slice(0, data.maxPhotos);
}

/** How a new run is done. */
interface NewRun {
  readonly work: RunWork;
  /** Null for this computer. */
  readonly site: string | null;
  /** Puts into the run's folder what else it needs, and says what else is to be told of its split. */
  readonly furnish?: (paths: RunPaths, split: RunSplit) => Promise<RunSplit>;
}

/** Creates the folder of a new run and starts the work on it: this process owns it, or a site gets it. */
async function startNewRun(
  context: StartContext,
  manifest: RunManifest,
  { work, site, furnish = async (_paths, split) => split }: NewRun,
): Promise<RunSummary> {
  const { runs, sites } = context.paths;
  if (site !== null) await readSite(sites, site);
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
    owner: site === null ? getOwnIdentity() : null,
    worker: null,
    heartbeatAt: new Date().toISOString(),
  };
  const { photos, begin, test } = work(getRunPaths(join(runs, `run-${manifest.id}`)));
  const paths = await createRunFolder(runs, manifest, status);
  const prepare = async (): Promise<void> => {
    const parts = test.length === 0 ? photos : [...photos, ["test", test] as const];
    const files = await hashPhotos(parts.flatMap(([, members]) => members));
    const split = describeSplit(manifest.dataset.fingerprint, parts, files);
    await writeJson(paths.split, await furnish(paths, split));
  };
  await prepare().catch(async (cause: unknown) => {
    // What was never begun is no run.
    await rm(paths.folder, { recursive: true, force: true });
    throw cause;
  });
  if (site !== null) return handOver(context, paths, site);
  context.getStore().runs.put(toRunSummary(paths.folder, manifest, status));
  const plan = { paths, manifest, status, photos, begin, from: "the_start", mayChangeEngine: false } as const;
  return startHere(context, plan);
}

/** Gives a run that this process owns to this computer's queue. */
export async function startHere({ here }: Pick<RunsContext, "here">, plan: RunPlan): Promise<RunSummary> {
  const { manifest, paths, status } = plan;
  const job = { runId: manifest.id, attempt: status.ownershipEpoch };
  await giveTo(here, job, { folder: paths.folder, dataset: manifest.dataset, plan });
  return here.find(manifest.id)?.getSummary() ?? readRunSummary(paths.folder); // it may have ended already
}
