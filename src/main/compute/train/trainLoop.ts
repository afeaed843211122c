import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";

import type { TrainConfig } from "#shared/runs/config.ts";
import type { ValidationScore } from "#shared/runs/runEvent.ts";
import { LabError } from "#shared/labError.ts";
import { countNoise } from "#shared/space/cells/certainty.ts";
import { largestScale } from "#shared/space/graph/networkGraph.ts";
import { type AnyNetworkPlan, asCells, buildNetworkGraph } from "#shared/space/spaces/spaces.ts";
import { listStages } from "#shared/runs/trainingStages.ts";

import type { JobContext } from "#main/compute/job/jobContext.ts";
import { endValidation, runLoop, saveLast } from "#main/compute/job/runLoop.ts";
import type { LongJob, StepFacts } from "#main/compute/job/runLoop.ts";
import { readModel } from "#main/compute/network/modelFile.ts";
import type { JobOutcome, TrainRequest } from "#main/compute/protocol.ts";

import { reasonToEnd } from "./earlyStop.ts";
import { NetworkState } from "./networkState.ts";
import { networkStep } from "./networkStep.ts";
import { scoreNetwork } from "./scoreNetwork.ts";
import { createStagedBatches, type StagedBatches } from "./stagedBatches.ts";
import { trainLearningRate } from "#main/compute/learning/schedules.ts";

const PERIODIC_NAME = /^step-(\d+)\.safetensors$/;

/** A training under way. */
interface Training {
  readonly context: JobContext;
  readonly config: TrainConfig;
  readonly state: NetworkState;
  readonly batches: StagedBatches;
}

/**
 * Trains a derived network from scratch (science notes 1.8). Keeps the best network by the published score, the last state
 * and the newest periodic networks. Everything random follows from the seed and the step, so a continuation gives the same
 * numbers as an unbroken run.
 */
export async function runTraining(context: JobContext, request: TrainRequest): Promise<JobOutcome> {
  return await runLoop(context, openTraining(context, request), request.resume);
}

/** Opens a training; the loop runs it and disposes it. Throws LabError `bad_data` without photos. */
export function openTraining(context: JobContext, { config, genotype, folder, start = null }: TrainRequest): LongJob {
  const { training, seed, augmentation, noise } = config;
  const { noiseMap } = config.network;
  const photos = context.photos.training;
  const stream = { photos, augmentation, noise, noiseMap, seed, stream: "training" };
  const batches = createStagedBatches(stream, listStages(training));
  checkPatches({ genotype, ...config.network }, config);
  const state = new NetworkState(config, { genotype, ...config.network });
  const opened: Training = { context, config, state, batches };
  const cells = asCells(genotype);
  const noisy = cells === null ? 0 : countNoise(cells);
  if (noisy > 0) {
    const message = `${noisy} edges of the architecture are noise, which is there to test a search by: the network leaves them out`;
    context.emit({ type: "log", level: "warning", message });
  }
  const job: LongJob = {
    folder,
    state,
    totalSteps: training.steps,
    bestAfterStep: 0,
    epochAt: (step) => batches.epochAt(step),
    isOver: () => findReason(opened) !== null,
    describeEnd: () => describeEarlyEnd(opened),
    numbers: "parameters",
    begin: () => beginWith(opened, start),
    takeStep: () => takeStep(opened),
    endStep: () => endStep(opened, job),
    saveBest: (file) => state.saveNetwork(file),
  };
  return job;
}

/** Takes over the filters of the network in a file, if any. Throws LabError bad_config where not one of them fits. */
async function beginWith({ context, config, state }: Training, start: string | null): Promise<void> {
  if (start === null) return;
  const { network } = await readModel(start);
  const { taken, isGrown } = state.takeOver(network);
  const name = config.training.startFrom ?? start;
  const message = `${taken} of ${state.specs.length} filters and biases begin with those of ${name}${isGrown ? ", grown so that the output is the same at first" : ""}`;
  if (taken === 0) throw new LabError("bad_config", `training.startFrom must be a network like this one: ${message}`);
  context.emit({ type: "log", level: "info", message });
}

/** The smallest value of a network must cover whole pixels of every patch. Throws LabError bad_config. */
function checkPatches(plan: AnyNetworkPlan, { training }: TrainConfig): void {
  const block = largestScale(buildNetworkGraph(plan));
  const bad = listStages(training).find(({ patchSize }) => patchSize % block !== 0);
  if (bad !== undefined) {
    const what = `the patch size must be a multiple of ${block}, the pixels that this network's smallest value is wide`;
    throw new LabError("bad_config", `${what}, got ${bad.patchSize}`);
  }
}

function takeStep({ context, config, state, batches }: Training): StepFacts {
  const learningRate = trainLearningRate(config.training, state.step);
  const loss = networkStep(context.engine.kernels, config, state, batches.batch(state.step), learningRate);
  return { loss, learningRate };
}

/** Validates and saves when it is time; names what is not finite, else null. */
async function endStep(training: Training, job: LongJob): Promise<string | null> {
  const { context, config, state } = training;
  const { validateEverySteps, checkpointEverySteps } = config.training;
  const { step } = state;
  const isLast = step === job.totalSteps;
  const isValidated = isLast || step % validateEverySteps === 0;
  const notFinite = isValidated ? await validate(training, job) : null;
  // Only a validation can end it early, and a training that ends is saved as it ends.
  const isEnd = isLast || (isValidated && findReason(training) !== null);
  if (notFinite !== null || (!isEnd && step % checkpointEverySteps !== 0)) {
    return notFinite;
  }
  return (await saveLast(context, job)) && (await savePeriodic(training, job)) ? null : job.numbers;
}

/** Validates, and notes for the early stop what came of it; names what is not finite, else null. */
async function validate(training: Training, job: LongJob): Promise<string | null> {
  const { context, config, state } = training;
  const validation = await scoreValidationPhotos(training);
  if (config.training.earlyStop.kind !== "none") state.psnrsDb = [...state.psnrsDb, validation.psnrDb];
  return endValidation(context, job, validation);
}

/** Says why the training ends now, before its last step; null where it goes on. */
function findReason({ config, state }: Training): string | null {
  return reasonToEnd(config.training.earlyStop, state.psnrsDb);
}

function describeEarlyEnd(training: Training): string | null {
  const { step } = training.state;
  const reason = step < training.config.training.steps ? findReason(training) : null;
  return reason === null ? null : `stopped early at step ${step}: ${reason}`;
}

/** Scores the network as it would be used on the validation photos. */
async function scoreValidationPhotos({ context, config, state, batches }: Training): Promise<ValidationScore> {
  const { step } = state;
  return scoreNetwork(context, config, await state.snapshot(), (pictures) => {
    context.show({ step, epoch: batches.epochAt(step), ...pictures });
  });
}

/** Keeps the network of this step and removes all that are now too old, also what a killed process did not come to. */
async function savePeriodic({ context, config, state }: Training, { folder }: LongJob): Promise<boolean> {
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
