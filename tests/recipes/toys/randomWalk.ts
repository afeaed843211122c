import { createBatchSource } from "#shared/image/batches.ts";
import { createRandom } from "#shared/random/createRandom.ts";
import { IMPOSSIBLE_LOGIT } from "#shared/space/cells/archLogits.ts";
import { deriveGenotype } from "#shared/space/cells/derive.ts";
import { networkCost } from "#shared/space/graph/costModel.ts";
import { planNetwork } from "#shared/space/spaces/networkPlan.ts";
import { buildNetworkGraph, genotypeHash } from "#shared/space/spaces/spaces.ts";

import type { JobContext } from "#main/compute/job/jobContext.ts";
import { endValidation, saveLast } from "#main/compute/job/runLoop.ts";
import type { LongJob } from "#main/compute/job/runLoop.ts";
import { searchLearningRate } from "#main/compute/learning/schedules.ts";
import type { SearchRequest } from "#main/compute/protocol.ts";
import { supernetEstimatorOf } from "#main/compute/search/estimators/estimators.ts";
import { SupernetState } from "#main/compute/search/supernetState.ts";
import { weightStep } from "#main/compute/search/supernetStep.ts";

/** How far a logit moves in a step at most. */
const STRIDE = 0.5;

/** Opens a search whose arch variables walk at random while the weights of the supernet learn. */
export function openRandomWalk(context: JobContext, { config, folder }: SearchRequest): LongJob {
  const { search, space, seed, augmentation, noise } = config;
  const { batchSize, patchSize } = search;
  const photos = context.photos.weights;
  const { noiseMap } = space;
  const stream = "weights";
  const batches = createBatchSource({ photos, batchSize, patchSize, augmentation, noise, noiseMap, seed, stream });
  const { stepsPerEpoch } = batches;
  const state = new SupernetState(config);
  const takeStep: LongJob["takeStep"] = () => {
    walk(state, seed);
    const learningRate = searchLearningRate(search, Math.floor(state.step / stepsPerEpoch));
    const loss = weightStep(context.engine.kernels, config, state, batches.batch(state.step), learningRate);
    return { loss, learningRate };
  };
  const job: LongJob = {
    folder,
    state,
    totalSteps: stepsPerEpoch * search.epochs,
    bestAfterStep: 0,
    epochAt: (steps) => steps / stepsPerEpoch,
    numbers: "weights",
    takeStep,
    endStep: () => endStep(context, { config, folder, resume: false }, job, state),
    saveBest: (file) => state.saveSupernet(file),
  };
  return job;
}

/** The step and the seed alone say where it goes, so that a continuation goes the same way. */
function walk({ arch, step }: SupernetState, seed: number): void {
  const random = createRandom(seed, "walk", step);
  const state = arch.state();
  const logits = state.logits.map((logit) =>
    logit === IMPOSSIBLE_LOGIT ? logit : logit + STRIDE * (2 * random.uniform() - 1),
  );
  arch.restore({ ...state, logits });
}

async function endStep(
  context: JobContext,
  { config }: SearchRequest,
  job: LongJob,
  state: SupernetState,
): Promise<string | null> {
  const { step } = state;
  const epoch = job.epochAt(step);
  if (!Number.isInteger(epoch)) return null;
  const logits = state.arch.logits();
  context.emit({ type: "arch", step, epoch, arch: logits });
  const { validation, fidelity } = supernetEstimatorOf(config)({
    kernels: context.engine.kernels,
    config,
    state,
    photos: context.photos.validation,
    show: (pictures) => context.show({ step, epoch, ...pictures }),
    progress: step / job.totalSteps,
  });
  const notFinite = await endValidation(context, job, validation);
  if (notFinite !== null) return notFinite;
  const genotype = deriveGenotype(logits, config.space.widthFactors);
  const { filters, imageChannels, noiseMap, unshuffle, offsetLimitPx, stemChannels } = config.space;
  const plan = planNetwork(genotype, { filters, imageChannels, noiseMap, unshuffle, offsetLimitPx, stemChannels });
  const { parameters, multiplyAddsPerPixel } = networkCost(buildNetworkGraph(plan));
  context.emit({
    type: "candidate",
    step,
    epoch,
    genotype,
    genotypeHash: genotypeHash(genotype),
    score: validation.score,
    parameters,
    multiplyAddsPerPixel,
    fidelity,
    strategy: config.search.strategy.kind,
  });
  return (await saveLast(context, job)) ? null : job.numbers;
}
