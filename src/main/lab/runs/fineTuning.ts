import { type ExchangeContext, showModel } from "#main/lab/models/modelExchange.ts";
import type { FineTuning, FineTuningWish } from "#shared/api/noise.ts";
import type { CostEstimate } from "#shared/api/settings.ts";
import { type TrainConfig, trainConfigSchema } from "#shared/runs/config.ts";
import type { ModelCard } from "#shared/runs/modelCard.ts";
import { largestScale } from "#shared/space/graph/networkGraph.ts";
import { buildNetworkGraph } from "#shared/space/spaces/spaces.ts";

import { timeJob } from "./costEstimate.ts";

type FineTuningContext = ExchangeContext & Parameters<typeof timeJob>[0];

/** Fewer steps change a network hardly, more are a training and no fine-tuning. */
const FEWEST_STEPS = 40;
const MOST_STEPS = 5_000;
const BATCH_SIZE = 16;
const PATCH_PX = 48;
/** More photos would take longer to read than to learn from. */
const MOST_PHOTOS = 200;
/** A quarter of what a training from nothing has, so that what was learned is not undone. */
const LEARNING_RATE = 1e-3;
/** The average reaches over some dozens of steps, for there are few. */
const AVERAGING_DECAY = 0.97;
const WARMUP_STEPS = 10;
/** Each validation takes as long as some steps. */
const VALIDATE_EVERY_STEPS = 100;

/**
 * Plans a training of so many seconds that begins with a network's filters and learns to remove a noise. Nothing is started,
 * but some of its steps are taken where none of its sizes were timed before. Throws LabError for a network that is not there.
 */
export async function planFineTuning(context: FineTuningContext, wish: FineTuningWish): Promise<FineTuning> {
  const { card } = await showModel(context, wish.model);
  const { genotype } = card;
  const settings = buildSettings(card, wish);
  const estimate = await timeJob(context, { kind: "train", settings, genotype });
  const secondsPerStep = estimate.secondsPerStep ?? estimate.usualSeconds / estimate.totalSteps;
  const steps = Math.min(MOST_STEPS, Math.max(FEWEST_STEPS, Math.round(wish.seconds / secondsPerStep)));
  return {
    settings: { ...settings, training: { ...settings.training, steps } },
    genotype,
    estimate: stretch(estimate, steps),
  };
}

function buildSettings({ genotype, network }: ModelCard, { model, dataset, noise, name }: FineTuningWish): TrainConfig {
  const scale = largestScale(buildNetworkGraph({ genotype, ...network }));
  return trainConfigSchema.parse({
    name,
    data: { dataset, maxPhotos: MOST_PHOTOS },
    noise,
    network,
    training: {
      startFrom: model,
      steps: FEWEST_STEPS,
      batchSize: BATCH_SIZE,
      patchSize: Math.ceil(PATCH_PX / scale) * scale,
      pixelLoss: "charbonnier",
      ssimWeight: 0,
      optimiser: { kind: "muon", learningRate: LEARNING_RATE },
      schedule: { kind: "cosine", minLearningRate: 1e-6 },
      warmupSteps: WARMUP_STEPS,
      clipValue: null,
      clipNorm: 1,
      averagingDecay: AVERAGING_DECAY,
      validateEverySteps: VALIDATE_EVERY_STEPS,
    },
  });
}

function stretch(estimate: CostEstimate, totalSteps: number): CostEstimate {
  const { secondsPerStep, usualSeconds } = estimate;
  return {
    ...estimate,
    totalSteps,
    totalSeconds: secondsPerStep === null ? null : secondsPerStep * totalSteps,
    usualSeconds: (usualSeconds / estimate.totalSteps) * totalSteps,
  };
}
