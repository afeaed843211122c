import { at } from "#shared/at.ts";
import type { Batch } from "#shared/image/batches.ts";
import { planCandidate } from "#shared/runs/candidateNetwork.ts";
import type { SearchConfig, TrainConfig } from "#shared/runs/config.ts";
import { type CandidateEstimatorSettings, shortTrainingSchema } from "#shared/runs/estimatorSchema.ts";
import type { AnyNetworkPlan } from "#shared/space/spaces/spaces.ts";

import type { JobContext } from "#main/compute/job/jobContext.ts";
import type { TrainingKernels } from "#main/compute/kernels/kernels.ts";
import { NetworkState } from "#main/compute/train/networkState.ts";
import { networkGradient } from "#main/compute/train/networkStep.ts";

import { openCandidateBatches, toTraining } from "./candidateTraining.ts";
import { jacobianCovariance } from "./jacobianCovariance.ts";
import { synflow } from "./synflow.ts";
import type { CandidateEstimator } from "./trial.ts";

/** Patches of a Jacobian: as many correlations can differ. */
const JACOBIAN_PATCHES = 16;

/** A score of all parameters `[N]` and the loss's gradient by them `[N]`. */
type ScoreGradient = (gradient: Float32Array, parameters: ArrayLike<number>) => number;

/** The length of the gradient (Abdelfattah and others 2021). */
export const gradientNorm: ScoreGradient = (gradient) =>
  Math.sqrt(gradient.reduce((sum, slope) => sum + slope * slope, 0));

/** How much the loss hangs on the weights: the sum of gradient times weight, each without its sign (Lee and others 2019). */
export const snip: ScoreGradient = (gradient, parameters) =>
  gradient.reduce((sum, slope, index) => sum + Math.abs(slope * at(parameters, index, "parameters")), 0);

/** What an untrained network is scored with; the batch is the first, the same for all. */
interface Untrained {
  readonly kernels: TrainingKernels;
  readonly train: TrainConfig;
  readonly state: NetworkState;
  readonly batch: Batch;
}

/** How an untrained network is scored: from so many patches, and with batch norms or as one without. */
interface UntrainedScore {
  readonly patches: (config: SearchConfig) => number;
  readonly norms: boolean;
  readonly score: (untrained: Untrained) => { readonly loss: number; readonly score: number };
}

type UntrainedKind = Extract<
  CandidateEstimatorSettings["kind"],
  "gradient_norm" | "snip" | "synflow" | "jacobian_covariance"
>;

const UNTRAINED: Readonly<Record<UntrainedKind, UntrainedScore>> = {
  gradient_norm: byGradient(gradientNorm),
  snip: byGradient(snip),
  synflow: {
    patches: () => 1,
    norms: false,
    score: ({ kernels, train, state }) => ({ loss: 0, score: synflow(kernels, state, train.training.patchSize) }),
  },
  jacobian_covariance: {
    patches: () => JACOBIAN_PATCHES,
    norms: true,
    score: ({ kernels, train, state, batch }) => {
      const { batchSize: size, patchSize: side } = train.training;
      return { loss: 0, score: jacobianCovariance(kernels, state, batch, { size, side }) };
    },
  },
};

function byGradient(scoreOf: ScoreGradient): UntrainedScore {
  return {
    patches: ({ search }) => search.batchSize,
    norms: true,
    score: ({ kernels, train, state, batch }) => {
      const { loss, gradient } = networkGradient(kernels, train, state, batch);
      return { loss, score: scoreOf(gradient, state.parameters.dataSync<"float32">()) };
    },
  };
}

/** Scores a candidate's untrained network by what flows through it, on the same patches for all. Throws LabError `bad_data` without photos. */
export function scoreUntrained(context: JobContext, given: SearchConfig, kind: UntrainedKind): CandidateEstimator {
  const { patches, norms, score } = UNTRAINED[kind];
  const settings = shortTrainingSchema.parse({ kind: "short_training", steps: 1 });
  const config = { ...given, search: { ...given.search, batchSize: patches(given) } };
  const batch = openCandidateBatches(context, config, settings).batch(0);
  const train = toTraining(config, settings);
  return {
    steps: 1,
    fidelity: 1,
    open: (genotype) => {
      const own = planCandidate(config, genotype);
      const plan: AnyNetworkPlan = norms ? own : { ...own, normalisation: "none" };
      let found = NaN;
      return {
        takeStep: () => {
          const state = new NetworkState(train, plan);
          try {
            const scored = score({ kernels: context.engine.kernels, train, state, batch });
            found = scored.score;
            return { loss: scored.loss, learningRate: 0 };
          } finally {
            state.dispose();
          }
        },
        endStep: () => Promise.resolve({ score: found, validation: null }),
        saveNetwork: () => Promise.resolve(false),
        dispose: () => undefined,
      };
    },
  };
}
