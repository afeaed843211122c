import { LabError } from "#shared/labError.ts";
import type { RunSummary } from "#shared/api/runs.ts";
import type { CostEstimate } from "#shared/api/settings.ts";
import { searchConfigSchema, trainConfigSchema } from "#shared/runs/config.ts";
import type { SearchConfig, TrainConfig } from "#shared/runs/config.ts";
import { candidateSteps, searchCost } from "#shared/runs/searchCost.ts";
import { countEpochs } from "#shared/runs/searchEpochs.ts";
import { isCandidateSettings } from "#shared/runs/strategySchema.ts";
import { listStages, stageAt, type TrainingStage } from "#shared/runs/trainingStages.ts";
import { type Cost, networkCost } from "#shared/space/graph/costModel.ts";
import { trainingMemoryMb } from "#shared/space/graph/memoryModel.ts";
import { type AnyGenotype, buildNetworkGraph } from "#shared/space/spaces/spaces.ts";

import { listDataset } from "#main/photos/listDataset.ts";
import { partPhotos } from "#main/photos/partPhotos.ts";
import type { DatasetPhoto } from "#main/photos/scanDataset.ts";
import { readLastStep } from "#main/store/runs/eventTail.ts";
import { getRunPaths, readManifest } from "#main/store/runs/runFolder.ts";

import { listPhotosOf } from "#main/lab/datasets/datasetPhotos.ts";
import { findNewFolder } from "#main/lab/datasets/datasets.ts";
import { listRuns } from "./runs.ts";
import type { RunsContext } from "./runsContext.ts";
import type { StepTimer, TimedSteps } from "./stepTimer.ts";

type EstimateContext = RunsContext & Parameters<typeof listPhotosOf>[0] & { readonly stepTimer: StepTimer };

type Job =
  | { readonly kind: "search"; readonly config: SearchConfig }
  | { readonly kind: "train"; readonly config: TrainConfig; readonly genotype: AnyGenotype };

/** What one step of a job has to do. */
interface Work extends Cost {
  /** Multiply-adds of all passes over a batch, on average over the steps. */
  readonly multiplyAddsPerStep: number;
  /** The same after so many steps, when the last of them was taken. */
  multiplyAddsAt(steps: number): number;
  /** Of the largest batches. */
  readonly memoryMb: number;
}

/** How fast a run was at the end. */
interface Speed {
  readonly multiplyAddsPerStep: number;
  readonly secondsPerStep: number;
}

const OTHER_KIND = { search: "train", train: "search" } as const;
/** Runs that are asked how fast they were. */
const MAX_RUNS = 5;
/** Multiply-adds per second of trainings on two cores (the published training took 1.9 s a step), for where nothing was measured. */
const USUAL_SPEED = 1.5e10;
/** A backward pass costs about two forward passes. */
const PASSES = 3;

interface EstimateWish {
  readonly kind: "search" | "train";
  readonly settings: unknown;
  readonly genotype: AnyGenotype | null;
}

/** Estimates what a job costs here: sizes by counting, memory by a model, times by its own steps or earlier runs. Throws LabError. */
export async function estimateCost(context: EstimateContext, wish: EstimateWish): Promise<CostEstimate> {
  const job = toJob(wish);
  const work = measureWork(job);
  const totalSteps = await countSteps(context, job);
  const { secondsPerStep, basis } = await findSpeed(context, job, work);
  return {
    parameters: work.parameters,
    multiplyAddsPerPixel: work.multiplyAddsPerPixel,
    totalSteps,
    memoryMb: work.memoryMb,
    memoryAvailableMb: process.availableMemory() / 1e6,
    secondsPerStep,
    totalSeconds: secondsPerStep === null ? null : secondsPerStep * totalSteps,
    usualSeconds: (totalSteps * work.multiplyAddsPerStep) / USUAL_SPEED,
    basis,
  };
}

/**
 * Estimates as `estimateCost` does, after taking the job's own steps for about a second where no run of these sizes tells how fast they
 * are, the engine is installed and there is memory for it. Throws LabError.
 */
export async function timeJob(context: EstimateContext, wish: EstimateWish): Promise<CostEstimate> {
  const estimate = await estimateCost(context, wish);
  const job = toJob(wish);
  // Candidates differ in size: the steps of one tell little of the others.
  if (job.kind === "search" && isCandidateSettings(job.config.search.strategy)) return estimate;
  if (estimate.basis.isSameSize || estimate.memoryMb > estimate.memoryAvailableMb) return estimate;
  const timed = await context.stepTimer.time(job);
  return timed === null ? estimate : estimateCost(context, wish);
}

function toJob({ kind, settings, genotype }: EstimateWish): Job {
  if (kind === "search") return { kind, config: parse(searchConfigSchema.safeParse(settings)) };
  if (genotype === null) throw new LabError("bad_config", "a training needs a genotype, got none");
  return { kind, config: parse(trainConfigSchema.safeParse(settings)), genotype };
}

function parse<T>(result: { success: true; data: T } | { success: false; error: Error }): T {
  if (result.success) return result.data;
  throw new LabError("bad_config", "settings must be complete and sound, got others", {
    cause: result.error,
  });
}

function measureWork(job: Job): Work {
  if (job.kind === "search") {
    const cost = searchCost(job.config);
    return { ...cost, multiplyAddsAt: () => cost.multiplyAddsPerStep };
  }
  const { network, training } = job.config;
  const graph = buildNetworkGraph({ genotype: job.genotype, ...network });
  const { parameters, multiplyAddsPerPixel } = networkCost(graph);
  const stages = listStages(training);
  const perPixel = multiplyAddsPerPixel * PASSES;
  const meanPixels = stages.reduce((sum, stage) => sum + pixelsOf(stage) * (stage.steps / training.steps), 0);
  return {
    parameters,
    multiplyAddsPerPixel,
    multiplyAddsPerStep: perPixel * meanPixels,
    multiplyAddsAt: (steps) => perPixel * pixelsOf(stageAt(stages, steps - 1)),
    memoryMb: trainingMemoryMb(graph, Math.max(...stages.map(pixelsOf))),
  };
}

/** Pixels of a batch. */
function pixelsOf({ batchSize, patchSize }: TrainingStage): number {
  return batchSize * patchSize ** 2;
}

/** The photos of a data set, or of a folder that the job would register. */
async function listPhotosToCome(context: EstimateContext, data: string): Promise<readonly DatasetPhoto[]> {
  const folder = await findNewFolder(context, data);
  return folder === null ? listPhotosOf(context, data) : listDataset(folder, null, new Set());
}

async function countSteps(context: EstimateContext, job: Job): Promise<number> {
  if (job.kind === "train") return job.config.training.steps;
  const { data, space, search } = job.config;
  if (isCandidateSettings(search.strategy)) return candidateSteps(search.strategy, search);
  const photos = (await listPhotosToCome(context, data.dataset)).slice(0, data.maxPhotos);
  const { weights } = partPhotos(photos, data);
  return Math.ceil(weights.length / search.batchSize) * countEpochs({ space, search });
}

/** Asks runs of the same sizes first, then the job's own steps, then runs of the same kind; where there are none, the other kind tells roughly what the device does. */
async function findSpeed(
  context: EstimateContext,
  job: Job,
  work: Work,
): Promise<Pick<CostEstimate, "secondsPerStep" | "basis">> {
  const runs = await listComparable(context);
  const own = await measureSpeeds(runs.filter(({ kind }) => kind === job.kind));
  const speeds = own.length > 0 ? own : await measureSpeeds(runs);
  const same = own.find(({ multiplyAddsPerStep }) => multiplyAddsPerStep === work.multiplyAddsPerStep);
  const otherKind = own.length > 0 || speeds.length === 0 ? null : OTHER_KIND[job.kind];
  const timed = same === undefined ? context.stepTimer.find(job) : null;
  const basis = { runs: speeds.length, isSameSize: same !== undefined, otherKind, timed: describeTimed(timed) };
  if (timed !== null) return { secondsPerStep: meanSeconds(job, work, timed), basis };
  const rates = speeds.map(({ multiplyAddsPerStep, secondsPerStep }) => multiplyAddsPerStep / secondsPerStep);
  const [rate] = rates.toSorted((a, b) => a - b).slice(Math.floor(rates.length / 2));
  return {
    secondsPerStep: same?.secondsPerStep ?? (rate === undefined ? null : work.multiplyAddsPerStep / rate),
    basis,
  };
}

function describeTimed(timed: TimedSteps | null): CostEstimate["basis"]["timed"] {
  if (timed === null) return null;
  return timed.isBesideRun ? "beside_a_run" : "alone";
}

/** Works out the mean over all steps from those that were timed: of a search's two parts, or of a training's first stage. */
function meanSeconds(job: Job, work: Work, { secondsPerStep, warmUpSeconds }: TimedSteps): number {
  if (job.kind === "train") return (secondsPerStep * work.multiplyAddsPerStep) / work.multiplyAddsAt(1);
  const { warmupEpochs, epochs } = job.config.search;
  const warmUp = Math.min(1, warmupEpochs / epochs);
  return warmUp * (warmUpSeconds ?? secondsPerStep) + (1 - warmUp) * secondsPerStep;
}

/** Lists the runs of the present engine, newest first. The newest run tells which that is, for asking would start it. */
async function listComparable(context: RunsContext): Promise<readonly RunSummary[]> {
  const runs = (await listRuns(context)).filter(({ engine }) => engine !== null);
  return runs.filter(({ engine }) => engine === runs[0]?.engine);
}

async function measureSpeeds(runs: readonly RunSummary[]): Promise<readonly Speed[]> {
  const speeds: Speed[] = [];
  for (const { folder } of runs) {
    if (speeds.length === MAX_RUNS) break;
    const paths = getRunPaths(folder);
    const last = await readLastStep(paths.events);
    if (last === null) continue;
    const work = measureWork(await readManifest(paths));
    const multiplyAddsPerStep = work.multiplyAddsAt(last.step);
    // What counts and does not compute tells nothing of the device.
    if (multiplyAddsPerStep > 0) speeds.push({ multiplyAddsPerStep, secondsPerStep: last.secondsPerStep });
  }
  return speeds;
}
