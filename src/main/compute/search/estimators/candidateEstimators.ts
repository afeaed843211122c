import { candidateCost } from "#shared/runs/candidateNetwork.ts";
import type { SearchConfig } from "#shared/runs/config.ts";
import {
  type CandidateEstimatorSettings,
  type Halving,
  isHalving,
  shortTrainingSchema,
} from "#shared/runs/estimatorSchema.ts";
import { listRungs } from "#shared/runs/halving.ts";
import type { NetworkCost } from "#shared/space/graph/costModel.ts";

import type { JobContext } from "#main/compute/job/jobContext.ts";

import { scoreUntrained } from "./gradientScores.ts";
import { openLearningCurve, openShortTraining } from "./shortTraining.ts";
import { openSupernetPaths } from "./supernetPaths.ts";
import type { CandidateEstimator } from "./trial.ts";

/**
 * Opens an estimator by its settings: one for each rung of a halving, from the lowest up, else one alone. Throws LabError `bad_data`
 * without photos.
 */
export function openCandidateEstimators(
  context: JobContext,
  config: SearchConfig,
  settings: CandidateEstimatorSettings,
): readonly CandidateEstimator[] {
  return isHalving(settings) ? openRungs(context, config, settings) : [openAlone(context, config, settings)];
}

/** Opens a short training for each rung, with less of what the settings say on the lower ones. */
function openRungs(context: JobContext, config: SearchConfig, settings: Halving): readonly CandidateEstimator[] {
  const { weights, architecture } = context.photos;
  const full = { filters: config.space.filters, photos: weights.length + architecture.length };
  return listRungs(settings, full).map(({ steps, filters, maxPhotos, fidelity }) => {
    const { learningRate, normalisation, seed } = settings;
    const own = shortTrainingSchema.parse({
      kind: "short_training",
      ...{ steps, filters, maxPhotos, learningRate, normalisation, seed },
    });
    const rung = { ...config, search: { ...config.search, estimator: own } };
    return { ...openShortTraining(context, rung, own), fidelity };
  });
}

function openAlone(
  context: JobContext,
  config: SearchConfig,
  settings: Exclude<CandidateEstimatorSettings, Halving>,
): CandidateEstimator {
  switch (settings.kind) {
    case "short_training":
      return openShortTraining(context, config, settings);
    case "learning_curve":
      return openLearningCurve(context, config, settings);
    case "supernet":
      return openSupernetPaths(context, config, settings);
    case "parameters":
      return scoreByCost(config, ({ parameters }) => parameters);
    case "multiply_adds":
      return scoreByCost(config, ({ multiplyAddsPerPixel }) => multiplyAddsPerPixel);
    case "reach":
      return scoreByCost(config, ({ receptiveFieldPx }) => receptiveFieldPx);
    case "gradient_norm":
    case "snip":
    case "synflow":
    case "jacobian_covariance":
      return scoreUntrained(context, config, settings.kind);
  }
}

/** Scores by what a network costs, in one step. */
function scoreByCost(config: SearchConfig, pick: (cost: NetworkCost) => number): CandidateEstimator {
  return {
    steps: 1,
    fidelity: 1,
    open: (genotype) => ({
      // Nothing is learned: there is no loss to tell.
      takeStep: () => ({ loss: 0, learningRate: 0 }),
      endStep: () => Promise.resolve({ score: pick(candidateCost(config, genotype)), validation: null }),
      saveNetwork: () => Promise.resolve(false),
      dispose: () => undefined,
    }),
  };
}
