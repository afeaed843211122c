import { createBatchSource } from "#shared/image/batches.ts";
import type { Batch, BatchSource } from "#shared/image/batches.ts";
import type { SearchConfig } from "#shared/runs/config.ts";
import { candidateFigures } from "#shared/runs/candidateNetwork.ts";
import { countEpochs } from "#shared/runs/searchEpochs.ts";
import { deriveGenotype } from "#shared/space/cells/derive.ts";
import type { Prices } from "#shared/space/graph/prices.ts";
import { genotypeHash } from "#shared/space/spaces/spaces.ts";
import { planCandidate } from "#shared/space/spaces/networkPlan.ts";

import type { JobContext } from "#main/compute/job/jobContext.ts";
import { endValidation, saveLast } from "#main/compute/job/runLoop.ts";
import type { LongJob, StepFacts } from "#main/compute/job/runLoop.ts";
import { searchLearningRate } from "#main/compute/learning/schedules.ts";
import type { SearchRequest } from "#main/compute/protocol.ts";
import { supernetEstimatorOf } from "#main/compute/search/estimators/estimators.ts";
import type { Estimate } from "#main/compute/search/estimators/estimators.ts";
import type { SupernetAtWork } from "#main/compute/search/estimators/sharedWeights.ts";
import { choosePrimitives } from "#main/compute/search/stabilisers/choosePrimitives.ts";
import { secondOrderArchStep } from "#main/compute/search/secondOrder.ts";
import { measureGap } from "#main/compute/search/stopping/discretisationGap.ts";
import {
  findReason,
  isRolledBack,
  noteScore,
  toMeasureEvent,
  watchEpoch,
} from "#main/compute/search/stopping/watchEpoch.ts";
import { SupernetState } from "#main/compute/search/supernetState.ts";
import { archStep, weightStep } from "#main/compute/search/supernetStep.ts";

/** A gradient search under way. */
interface GradientSearch {
  readonly context: JobContext;
  readonly config: SearchConfig;
  readonly state: SupernetState;
  readonly weightBatches: BatchSource;
  readonly archBatches: BatchSource;
}

/**
 * Opens a gradient search, of first or second order (science notes 1.7 and 5): in each step an arch step on the architecture half once the
 * warm-up is over, then a weight step on the weights half; after each epoch an estimate that keeps the best architecture.
 * Throws LabError `bad_data` without photos.
 */
export function openGradientSearch(
  context: JobContext,
  { config, folder }: SearchRequest,
  latency: Prices | null,
): LongJob {
  const { search, space, seed, augmentation, noise } = config;
  const batchesOf = (set: "weights" | "architecture"): BatchSource =>
    createBatchSource({
      photos: context.photos[set],
      batchSize: search.batchSize,
      patchSize: search.patchSize,
      augmentation,
      noise,
      noiseMap: space.noiseMap,
      seed,
      stream: set,
    });
  const weightBatches = batchesOf("weights");
  const archBatches = batchesOf("architecture");
  const state = new SupernetState(config, latency, weightBatches.stepsPerEpoch);
  const gradientSearch: GradientSearch = { context, config, state, weightBatches, archBatches };
  const totalSteps = weightBatches.stepsPerEpoch * countEpochs(config);
  const isChosen = search.stabilisers.choice.kind === "perturbation";
  const job: LongJob = {
    folder,
    state,
    totalSteps,
    // Until the warm-up is over all architectures weigh the same; a choice by perturbation ends with the only one that it has chosen.
    bestAfterStep: isChosen ? totalSteps - 1 : weightBatches.stepsPerEpoch * search.warmupEpochs,
    epochAt: (steps) => steps / weightBatches.stepsPerEpoch,
    isOver: () => findReason(gradientSearch) !== null,
    numbers: "weights",
    takeStep: () => takeStep(gradientSearch),
    endStep: () => endStep(gradientSearch, job),
    saveBest: (file) => state.saveSupernet(file),
  };
  return job;
}

function takeStep({ context, config, state, weightBatches, archBatches }: GradientSearch): StepFacts {
  const { kernels } = context.engine;
  const { step } = state;
  const { stepsPerEpoch } = weightBatches;
  // Between the picks of a choice by perturbation the last epoch's rate stays.
  const epoch = Math.min(Math.floor(step / stepsPerEpoch), config.search.epochs - 1);
  const archStepIndex = step - config.search.warmupEpochs * stepsPerEpoch;
  const learningRate = searchLearningRate(config.search, epoch);
  const takeArchStep = (): number => {
    const validation = archBatches.batch(step);
    if (config.search.order === "first") return archStep(kernels, config, state, validation, archStepIndex);
    const batches = { train: weightBatches.batch(step), validation };
    return secondOrderArchStep({ kernels, config, state }, batches, learningRate, archStepIndex);
  };
  const archFacts = archStepIndex < 0 ? {} : { archLoss: takeArchStep() };
  const loss = weightStep(kernels, config, state, weightBatches.batch(step), learningRate);
  const costFacts = state.cost === null ? {} : { expectedCost: state.cost.expect(state.arch.weights()) };
  return { loss, ...archFacts, ...costFacts, learningRate };
}

/** Validates at the end of an epoch and saves when it is time; names what is not finite, else null. */
async function endStep(search: GradientSearch, job: LongJob): Promise<string | null> {
  const { step } = search.state;
  const isEpochEnd = step % search.weightBatches.stepsPerEpoch === 0;
  const notFinite = isEpochEnd ? await endEpoch(search, job) : null;
  const isToSave = isEpochEnd || step % search.config.search.checkpointEverySteps === 0;
  if (notFinite !== null || !isToSave) {
    return notFinite;
  }
  return (await saveLast(search.context, job)) ? null : job.numbers;
}

async function endEpoch(search: GradientSearch, job: LongJob): Promise<string | null> {
  const { context, config, state } = search;
  const { step } = state;
  const epoch = job.epochAt(step);
  state.dropPrimitives();
  const { engine, photos } = context;
  const tell = (message: string): void => {
    context.emit({ type: "log", level: "info", message });
  };
  const atWork = { kernels: engine.kernels, config, state };
  choosePrimitives(atWork, { epoch, batch: (index) => search.archBatches.batch(index), tell });
  context.emit({ type: "arch", step, epoch, arch: state.arch.logits() });
  const batch = (): Batch => search.archBatches.batch(step - 1);
  watchEpoch(atWork, { epoch, batch, tell });
  const isValidated = epoch >= config.search.validateFromEpoch;
  const estimator = supernetEstimatorOf(config);
  const supernet: SupernetAtWork = {
    ...atWork,
    // There is a picture to look at from the first epoch on; one photo's score would tell nothing.
    photos: isValidated ? photos.validation : photos.validation.slice(0, 1),
    show: (pictures) => {
      context.show({ step, epoch, ...pictures });
    },
    progress: step / job.totalSteps,
  };
  const estimate = estimator(supernet);
  if (isValidated) noteScore(search, estimate.validation.score);
  const isGapWanted = config.search.discretisationGap && isValidated && epoch > config.search.warmupEpochs;
  const measure = toMeasureEvent(search, epoch, isGapWanted ? measureGap(supernet, estimator, estimate) : null);
  if (measure !== null) context.emit(measure);
  const reason = findReason(search);
  if (reason !== null) tell(`stops after epoch ${epoch}: ${reason}`);
  if (!isValidated) {
    return null;
  }
  const notFinite = await endValidation(context, job, estimate.validation, !isRolledBack(search));
  if (notFinite === null) {
    tellCandidate(search, epoch, estimate);
  }
  return notFinite;
}

/** Tells what the arch variables derive to as a candidate with the estimator's score. */
function tellCandidate({ context, config, state }: GradientSearch, epoch: number, estimate: Estimate): void {
  const { space, search } = config;
  const genotype = deriveGenotype(state.arch.logits(), space.widthFactors, space.kind);
  context.emit({
    type: "candidate",
    step: state.step,
    epoch,
    genotype,
    genotypeHash: genotypeHash(genotype),
    score: estimate.validation.score,
    psnrDb: estimate.validation.psnrDb,
    ...candidateFigures(planCandidate(genotype, space)),
    fidelity: estimate.fidelity,
    strategy: search.strategy.kind,
  });
}
