import { join } from "node:path";

import { createBatchSource } from "#shared/image/batches.ts";
import type { BatchSource } from "#shared/image/batches.ts";
import type { Photo } from "#shared/image/photo.ts";
import type { SearchConfig } from "#shared/runs/config.ts";

import { isOutOfTensorIds, measureMemory } from "#main/compute/job/jobContext.ts";
import type { JobContext } from "#main/compute/job/jobContext.ts";
import { StepClock } from "#main/compute/job/stepClock.ts";
import type { JobOutcome, SearchRequest } from "#main/compute/protocol.ts";

import { searchLearningRate } from "./searchSchedule.ts";
import { archStep, weightStep } from "./supernetStep.ts";
import { SupernetState } from "./supernetState.ts";
import { validateSupernet } from "./validateSupernet.ts";

const LAST = join("checkpoints", "last.safetensors");
const BEST = join("checkpoints", "best.safetensors");

/** A search under way. */
interface Search {
  readonly context: JobContext;
  readonly config: SearchConfig;
  readonly folder: string;
  readonly state: SupernetState;
  readonly weightBatches: BatchSource;
  readonly archBatches: BatchSource;
  readonly stepsPerEpoch: number;
  readonly totalSteps: number;
}

/**
 * Searches (science notes 1.7): in each step an arch step on the architecture half once the warm-up is over, then a weight
 * step on the weights half; after each epoch a validation that keeps the best architecture. Everything random follows from
 * the seed and the step, so a continuation gives the same numbers as an unbroken run. Ends early, saving first, where it
 * is told to stop; a loss or weight that is not finite ends it as diverged and leaves the last checkpoint alone.
 */
export async function runSearch(context: JobContext, request: SearchRequest): Promise<JobOutcome> {
  const search = openSearch(context, request);
  const { state, totalSteps } = search;
  try {
    if (request.resume) {
      await state.restore(join(request.folder, LAST));
      context.emit({ type: "resumed", step: state.step });
    }
    return await searchSteps(search, totalSteps);
  } finally {
    state.dispose();
  }
}

async function searchSteps(search: Search, totalSteps: number): Promise<JobOutcome> {
  const { context, state } = search;
  const clock = new StepClock();
  while (state.step < totalSteps) {
    if (context.control.isPaused) {
      await saveLast(search);
    }
    if (!(await context.control.proceed())) {
      return (await saveLast(search)) ? { kind: "stopped", step: state.step } : diverged(search, "weights");
    }
    clock.restart();
    const losses = searchStep(search);
    if (!Number.isFinite(losses.loss) || !Number.isFinite(losses.archLoss ?? 0)) {
      return diverged(search, "loss");
    }
    tellStep(search, losses, clock);
    const notFinite = await endStep(search);
    if (notFinite !== null) {
      return diverged(search, notFinite);
    }
    if (isOutOfTensorIds()) {
      return (await saveLast(search)) ? { kind: "restart", step: state.step } : diverged(search, "weights");
    }
  }
  return { kind: "finished", step: state.step, best: state.best };
}

function openSearch(context: JobContext, { config, folder }: SearchRequest): Search {
  const { search, seed, augmentation, noise } = config;
  const batchesOf = (set: "weights" | "architecture"): BatchSource =>
    createBatchSource({
      photos: context.photos[set],
      batchSize: search.batchSize,
      patchSize: search.patchSize,
      augmentation,
      noise,
      seed,
      stream: set,
    });
  const weightBatches = batchesOf("weights");
  const archBatches = batchesOf("architecture");
  const { stepsPerEpoch } = weightBatches;
  return {
    context,
    config,
    folder,
    state: new SupernetState(config),
    weightBatches,
    archBatches,
    stepsPerEpoch,
    totalSteps: stepsPerEpoch * search.epochs,
  };
}

interface StepLosses {
  readonly loss: number;
  readonly archLoss: number | undefined;
  readonly learningRate: number;
}

function searchStep({ context, config, state, weightBatches, archBatches, stepsPerEpoch }: Search): StepLosses {
  const { kernels } = context.engine;
  const { step } = state;
  const epoch = Math.floor(step / stepsPerEpoch);
  const archStepIndex = step - config.search.warmupEpochs * stepsPerEpoch;
  const archLoss =
    archStepIndex < 0 ? undefined : archStep(kernels, config, state, archBatches.batch(step), archStepIndex);
  const learningRate = searchLearningRate(config.search, epoch);
  const loss = weightStep(kernels, config, state, weightBatches.batch(step), learningRate);
  return { loss, archLoss, learningRate };
}

function tellStep({ context, state, stepsPerEpoch, totalSteps }: Search, losses: StepLosses, clock: StepClock): void {
  const { secondsPerStep, isDue } = clock.tick(state.step === totalSteps);
  if (!isDue) {
    return;
  }
  const { loss, archLoss, learningRate } = losses;
  context.emit({
    type: "step",
    step: state.step,
    totalSteps,
    epoch: state.step / stepsPerEpoch,
    loss,
    ...(archLoss === undefined ? {} : { archLoss }),
    learningRate,
    secondsPerStep,
    ...measureMemory(),
  });
}

/** Validates at the end of an epoch and saves when it is time; names what is not finite, else null. */
async function endStep(search: Search): Promise<string | null> {
  const { config, state, stepsPerEpoch } = search;
  const isEpochEnd = state.step % stepsPerEpoch === 0;
  const notFinite = isEpochEnd ? await endEpoch(search, state.step / stepsPerEpoch) : null;
  const isToSave = isEpochEnd || state.step % config.search.checkpointEverySteps === 0;
  if (notFinite !== null || !isToSave) {
    return notFinite;
  }
  return (await saveLast(search)) ? null : "weights";
}

async function endEpoch(search: Search, epoch: number): Promise<string | null> {
  const { context, config, state, folder } = search;
  context.emit({ type: "arch", step: state.step, epoch, arch: state.arch.logits() });
  const { engine, photos } = context;
  const show = (noisy: Photo, denoised: Photo): void => {
    context.show({ step: state.step, epoch, noisy, denoised });
  };
  if (epoch < config.search.validateFromEpoch) {
    // There is a picture to look at from the first epoch on; one photo's score would tell nothing.
    validateSupernet(engine.kernels, config, state, photos.validation.slice(0, 1), show);
    return null;
  }
  const validation = validateSupernet(engine.kernels, config, state, photos.validation, show);
  // JSON has no number for it: it would be read back as damage.
  if (!Number.isFinite(validation.score)) {
    return "validation score";
  }
  const isBest = state.best === null || validation.score > state.best.validation.score;
  if (isBest) {
    state.best = { step: state.step, validation };
    if (!(await state.save(join(folder, BEST), false))) {
      return "weights";
    }
  }
  context.emit({ type: "validation", step: state.step, epoch, validation, isBest });
  if (isBest) {
    context.emit({ type: "checkpoint", step: state.step, kind: "best", file: BEST });
  }
  return null;
}

async function saveLast({ context, state, folder }: Search): Promise<boolean> {
  await context.settle();
  const isSaved = await state.save(join(folder, LAST), true);
  if (isSaved) {
    context.emit({ type: "checkpoint", step: state.step, kind: "last", file: LAST });
  }
  return isSaved;
}

function diverged({ state }: Search, quantity: string): JobOutcome {
  return { kind: "diverged", step: state.step, quantity };
}
