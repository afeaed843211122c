import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";

import { settleNoise, toNoisy } from "#shared/image/addNoise.ts";
import { createBatchSource } from "#shared/image/batches.ts";
import type { BatchSource } from "#shared/image/batches.ts";
import { cropMiddle } from "#shared/image/geometry.ts";
import type { Photo } from "#shared/image/photo.ts";
import { createRandom } from "#shared/random/createRandom.ts";
import type { TrainConfig } from "#shared/runs/config.ts";
import type { ValidationScore } from "#shared/runs/runEvent.ts";

import { Denoiser } from "#main/compute/denoise/denoiser.ts";
import { isOutOfTensorIds, measureMemory } from "#main/compute/job/jobContext.ts";
import type { JobContext } from "#main/compute/job/jobContext.ts";
import { StepClock } from "#main/compute/job/stepClock.ts";
import { type JobOutcome, SAMPLE_SIDE_PX, type TrainRequest } from "#main/compute/protocol.ts";

import { NetworkState } from "./networkState.ts";
import { networkStep } from "./networkStep.ts";
import { trainLearningRate } from "#main/compute/learning/schedules/trainSchedule.ts";
import { meanValidationScore } from "#main/compute/learning/validationScore.ts";

const LAST = join("checkpoints", "last.safetensors");
const BEST = join("checkpoints", "best.safetensors");
const PERIODIC_NAME = /^step-(\d+)\.safetensors$/;

/** Validation photos are denoised whole up to about a megapixel. */
const VALIDATION_BUDGET_MB = 1024;

/** A training under way. */
interface Training {
  readonly context: JobContext;
  readonly config: TrainConfig;
  readonly folder: string;
  readonly state: NetworkState;
  readonly batches: BatchSource;
}

/**
 * Trains a derived network from scratch (science notes 1.8). Keeps the best network by the published score, the last state
 * and the newest periodic networks. Everything random follows from the seed and the step, so a continuation gives the same
 * numbers as an unbroken run. Ends early, saving first, where it is told to stop; a number that is not finite ends it as
 * diverged and leaves the last checkpoint alone.
 */
export async function runTraining(context: JobContext, request: TrainRequest): Promise<JobOutcome> {
  const training = openTraining(context, request);
  const { state } = training;
  try {
    if (request.resume) {
      await state.restore(join(request.folder, LAST));
      context.emit({ type: "resumed", step: state.step });
    }
    return await trainSteps(training);
  } finally {
    state.dispose();
  }
}

async function trainSteps(training: Training): Promise<JobOutcome> {
  const { context, config, state } = training;
  const clock = new StepClock();
  while (state.step < config.training.steps) {
    if (context.control.isPaused) {
      await saveLast(training);
    }
    if (!(await context.control.proceed())) {
      return (await saveLast(training)) ? { kind: "stopped", step: state.step } : diverged(training, "parameters");
    }
    clock.restart();
    const learningRate = trainLearningRate(config.training, state.step);
    const loss = networkStep(context.engine.kernels, config, state, training.batches.batch(state.step), learningRate);
    if (!Number.isFinite(loss)) {
      return diverged(training, "loss");
    }
    tellStep(training, loss, learningRate, clock);
    const notFinite = await endStep(training);
    if (notFinite !== null) {
      return diverged(training, notFinite);
    }
    if (isOutOfTensorIds()) {
      return (await saveLast(training)) ? { kind: "restart", step: state.step } : diverged(training, "parameters");
    }
  }
  return { kind: "finished", step: state.step, best: state.best };
}

function openTraining(context: JobContext, { config, genotype, folder }: TrainRequest): Training {
  const { training, seed, augmentation, noise } = config;
  const batches = createBatchSource({
    photos: context.photos.training,
    batchSize: training.batchSize,
    patchSize: training.patchSize,
    augmentation,
    noise,
    seed,
    stream: "training",
  });
  const state = new NetworkState(config, { genotype, ...config.network });
  return { context, config, folder, state, batches };
}

function tellStep(
  { context, config, state, batches }: Training,
  loss: number,
  learningRate: number,
  clock: StepClock,
): void {
  const { secondsPerStep, isDue } = clock.tick(state.step === config.training.steps);
  if (isDue) {
    context.emit({
      type: "step",
      step: state.step,
      totalSteps: config.training.steps,
      epoch: state.step / batches.stepsPerEpoch,
      loss,
      learningRate,
      secondsPerStep,
      ...measureMemory(),
    });
  }
}

/** Validates and saves when it is time; names what is not finite, else null. */
async function endStep(training: Training): Promise<string | null> {
  const { validateEverySteps, checkpointEverySteps, steps } = training.config.training;
  const { step } = training.state;
  const isLast = step === steps;
  const notFinite = isLast || step % validateEverySteps === 0 ? await validate(training) : null;
  if (notFinite !== null || (!isLast && step % checkpointEverySteps !== 0)) {
    return notFinite;
  }
  return (await saveLast(training)) && (await savePeriodic(training)) ? null : "parameters";
}

async function validate(training: Training): Promise<string | null> {
  const { context, state, folder, batches } = training;
  const validation = await scoreValidationPhotos(training);
  // JSON has no number for it: it would be read back as damage.
  if (!Number.isFinite(validation.score)) {
    return "validation score";
  }
  const isBest = state.best === null || validation.score > state.best.validation.score;
  if (isBest) {
    state.best = { step: state.step, validation };
    if (!(await state.saveNetwork(join(folder, BEST)))) {
      return "parameters";
    }
  }
  const epoch = state.step / batches.stepsPerEpoch;
  context.emit({ type: "validation", step: state.step, epoch, validation, isBest });
  if (isBest) {
    context.emit({ type: "checkpoint", step: state.step, kind: "best", file: BEST });
  }
  return null;
}

/** Scores the network as it would be used on the validation photos, each with noise of its own that never changes. */
async function scoreValidationPhotos(training: Training): Promise<ValidationScore> {
  const { context, config, state } = training;
  const denoiser = new Denoiser(context.engine.kernels, await state.snapshot());
  try {
    const pairs: { clean: Photo; output: Photo }[] = [];
    for (const photo of context.photos.validation) {
      const random = createRandom(config.seed, "validation", photo.name);
      const noise = settleNoise(config.noise, random);
      const noisy = toNoisy(photo, noise, random);
      const options = { memoryBudgetMb: VALIDATION_BUDGET_MB, noise };
      const output = await denoiser.denoise(noisy, options, () => undefined);
      if (pairs.length === 0) showSample(training, noisy, output);
      pairs.push({ clean: photo.clean, output });
    }
    return meanValidationScore(pairs);
  } finally {
    denoiser.dispose();
  }
}

function showSample({ context, state, batches }: Training, noisy: Photo, output: Photo): void {
  context.show({
    step: state.step,
    epoch: state.step / batches.stepsPerEpoch,
    noisy: cropMiddle(noisy, SAMPLE_SIDE_PX),
    denoised: cropMiddle(output, SAMPLE_SIDE_PX),
  });
}

async function saveLast({ context, state, folder }: Training): Promise<boolean> {
  await context.settle();
  const isSaved = await state.save(join(folder, LAST));
  if (isSaved) {
    context.emit({ type: "checkpoint", step: state.step, kind: "last", file: LAST });
  }
  return isSaved;
}

/** Keeps the network of this step and removes all that are now too old, also what a killed process did not come to. */
async function savePeriodic({ context, config, state, folder }: Training): Promise<boolean> {
  const { keepPeriodic, checkpointEverySteps } = config.training;
  if (keepPeriodic === 0 || state.step % checkpointEverySteps !== 0) {
    return true;
  }
  const file = periodicFile(state.step);
  if (!(await state.saveNetwork(join(folder, file)))) {
    return false;
  }
  context.emit({ type: "checkpoint", step: state.step, kind: "periodic", file });
  const oldest = state.step - (keepPeriodic - 1) * checkpointEverySteps;
  for (const name of await readdir(join(folder, "checkpoints"))) {
    const step = PERIODIC_NAME.exec(name)?.[1];
    if (step !== undefined && Number(step) < oldest) await rm(join(folder, "checkpoints", name), { force: true });
  }
  return true;
}

function periodicFile(step: number): string {
  return join("checkpoints", `step-${String(step).padStart(7, "0")}.safetensors`);
}

function diverged({ state }: Training, quantity: string): JobOutcome {
  return { kind: "diverged", step: state.step, quantity };
}
