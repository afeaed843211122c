import { z } from "zod";

import { augmentationSchema } from "#shared/image/augmentation.ts";
import { DEFAULT_MEMORY_BUDGET_MB } from "#shared/image/memoryBudget.ts";
import { memoryBudgetSchema } from "#shared/image/memoryBudgetSchema.ts";
import { noiseSchema } from "#shared/image/noise.ts";
import { seedSchema } from "#shared/random/seedSchema.ts";
import { networkSettingsSchema } from "#shared/space/spaces/networkPlan.ts";
import { searchSpaceSchema } from "#shared/space/spaces/searchSpace.ts";

import { candidatesSchema } from "./candidatesSchema.ts";
import { costSchema } from "./costSchema.ts";
import { earlyStopSchema } from "./earlyStopSchema.ts";
import { PROTOCOLS } from "./evaluation.ts";
import {
  BETA1_HELP,
  BETA2_HELP,
  MOMENTUM_HELP,
  optimiserSchema,
  OUTPUT_RATE_HELP,
  scheduleSchema,
  SGD_BIAS_RATE_FACTOR,
  SGD_OUTPUT_RATE_FACTOR,
  WEIGHT_DECAY_HELP,
} from "./optimiserSchema.ts";
import { estimatorSchema } from "./estimatorSchema.ts";
import { stabilisersSchema } from "./stabilisersSchema.ts";
import { stagesSchema } from "./stagesSchema.ts";
import { stoppingSchema } from "./stoppingSchema.ts";
import { testPartSchema } from "./testPartSchema.ts";
import {
  bayesianSchema,
  evolutionSchema,
  localSearchSchema,
  randomSchema,
  reinforceSchema,
  tournamentSchema,
} from "./strategySchema.ts";

const share = z.number().min(0).max(1);
const positive = z.number().positive();
const nonNegative = z.number().min(0);
const count = z.int().positive();

// What is meant by settings that stand in several places.
const DATASET_HELP = 'Name of a registered data set, a folder of clean photos, or "sample" for the built-in set.';
const MAX_PHOTOS_HELP = "Use only the first so many photos by name.";
const PATCH_SIZE_HELP = "Side of a square training patch in pixels.";
const SSIM_WEIGHT_HELP = "Weight of log10(1/SSIM) beside the mean squared error.";
const CHECKPOINT_HELP = "Steps from one checkpoint to the next: as much work as a crash can cost.";
const dataSchema = z.strictObject({
  dataset: z.string().min(1).default("sample").describe(DATASET_HELP),
  validationShare: share
    .default(0.02)
    .describe("Share of the photos that are not for the test, last by name, kept for validation (at least one)."),
  test: testPartSchema.prefault({ kind: "none" }),
  maxPhotos: z.int().positive().optional().describe(MAX_PHOTOS_HELP),
});

/** How architectures are looked for: one variant per strategy of src/main/compute/search. */
const strategySchema = z
  .discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("gradient") }),
    randomSchema,
    evolutionSchema,
    tournamentSchema,
    localSearchSchema,
    reinforceSchema,
    bayesianSchema,
  ])
  .describe(
    "gradient: alpha and beta of a supernet learn beside its weights (DARTS). The others choose architectures one by one by the scores of those before: random (each once), evolution (regularised), tournament, local_search, reinforce, bayesian.",
  );

const searchLoopSchema = z.strictObject({
  epochs: z.int().positive().default(100).describe("Passes over the weights half of the photos."),
  warmupEpochs: z.int().min(0).default(20).describe("Epochs before the first arch step."),
  batchSize: z.int().positive().default(6).describe("Patches per step."),
  patchSize: z.int().min(11).default(64).describe(PATCH_SIZE_HELP),
  ssimWeight: nonNegative.default(0.5).describe(SSIM_WEIGHT_HELP),
  strategy: strategySchema.prefault({ kind: "gradient" }),
  estimator: estimatorSchema.prefault({ kind: "shared_weights" }),
  candidates: candidatesSchema.prefault({ kind: "cells" }),
  order: z
    .enum(["first", "second"])
    .default("first")
    .describe(
      "first as published; second (DARTS): by the weights as the next step would leave them, several times slower.",
    ),
  weights: z
    .strictObject({
      optimiser: z
        .enum(["sgd", "adam"])
        .default("sgd")
        .describe(
          "sgd with momentum as published; adam moves all weights equally fast, however small their gradients.",
        ),
      learningRate: positive.default(0.025).describe("At the first epoch; published: 0.025."),
      minLearningRate: nonNegative.default(0.001).describe("The schedule never goes below this; published: 0.001."),
      momentum: share.default(0.9).describe(MOMENTUM_HELP),
      weightDecay: nonNegative.default(3e-4).describe(`${WEIGHT_DECAY_HELP} Published: 0.0003.`),
      cosineHalfPeriodEpochs: positive
        .default(10)
        .describe("Epochs in which the cosine falls once; then it rises again for as long."),
      polyPower: nonNegative
        .default(0.9)
        .describe("Power of the slow fall that the cosine swings under: 1 is a straight line to zero, 0 no fall."),
      outputRateFactor: positive.default(SGD_OUTPUT_RATE_FACTOR).describe(OUTPUT_RATE_HELP),
    })
    .prefault({}),
  arch: z
    .strictObject({
      learningRate: positive
        .default(1e-3)
        .describe("How fast alpha and beta move; it stays the same. Published: 0.001."),
      weightDecay: nonNegative.default(1e-3).describe("Pull of alpha and beta towards zero, where all weigh the same."),
      beta1: share.default(0.9).describe(BETA1_HELP),
      beta2: share.default(0.999).describe(BETA2_HELP),
    })
    .prefault({}),
  stabilisers: stabilisersSchema.prefault({}),
  cost: costSchema.prefault({ kind: "none" }),
  stopping: stoppingSchema.prefault({ kind: "none" }),
  discretisationGap: z
    .boolean()
    .default(false)
    .describe(
      "Behind the warm-up, validate once more with each edge's strongest primitive alone: how much worse that is tells how far the supernet is from what would be derived. Validation takes twice as long.",
    ),
  validateFromEpoch: count
    .default(1)
    .describe(
      "First epoch that is validated; the best is looked for from here on, and never during the warm-up, where all architectures weigh the same.",
    ),
  recompute: z
    .boolean()
    .default(false)
    .describe("Recompute cells in the backward pass instead of remembering them: less memory, more time."),
  keepSupernetWeights: z
    .boolean()
    .default(true)
    .describe("Store supernet weights in checkpoints, so that a search can resume after a restart."),
  checkpointEverySteps: z.int().positive().default(50).describe(CHECKPOINT_HELP),
});

const trainLoopSchema = z.strictObject({
  startFrom: z
    .string()
    .min(1)
    .nullable()
    .default(null)
    .describe(
      "A trained network to begin with: a training, a model by its name or hash, or a file. Filters that fit by name and shape are taken over, the others begin as usual; a network with more filters of the same architecture computes at first what the smaller one did. Null takes none.",
    ),
  steps: z.int().positive().default(600_000).describe("Updates of the weights in all; published: 600,000."),
  batchSize: z.int().positive().default(24).describe("Patches per step."),
  patchSize: z.int().min(11).default(64).describe(PATCH_SIZE_HELP),
  stages: stagesSchema
    .default([])
    .describe(
      "Parts with a batch size and a patch size of their own, one after the other; none: one size for all steps.",
    ),
  pixelLoss: z
    .enum(["mse", "l1", "charbonnier"])
    .default("mse")
    .describe("How the error of a pixel counts: squared as published, as it is, or as it is with a rounded kink."),
  ssimWeight: nonNegative
    .default(0.6)
    .describe("Weight of log10(1/SSIM) beside the pixel loss; with 0 no SSIM is computed."),
  precision: z
    .enum(["float32", "bfloat16"])
    .default("float32")
    .describe(
      "In what convolutions are computed while training: bfloat16 takes two thirds of the time where the processor has instructions for it (AVX-512 BF16, AMX), and needs AVX-512; weights keep 32 bits.",
    ),
  optimiser: optimiserSchema.prefault({ kind: "sgd" }),
  schedule: scheduleSchema.prefault({ kind: "poly" }),
  warmupSteps: z.int().min(0).default(0).describe("Steps over which the learning rate rises linearly from zero."),
  clipValue: positive
    .nullable()
    .default(5)
    .describe("Each gradient value is clipped to plus or minus this; null switches it off."),
  clipNorm: positive
    .nullable()
    .default(null)
    .describe("The whole gradient is shortened to this length where it is longer; null switches it off."),
  averagingDecay: share
    .nullable()
    .default(null)
    .describe(
      "Decay of an exponential average of the weights, and of the statistics of batch norms, that is validated and saved; null switches it off.",
    ),
  freezeNormsFrom: share
    .nullable()
    .default(null)
    .describe(
      "Share of the steps after which batch norms keep their running statistics, so that the network is trained as it is used; null never freezes them.",
    ),
  validateEverySteps: count
    .default(1000)
    .describe("Steps from one validation to the next; the best network is kept by it."),
  earlyStop: earlyStopSchema.prefault({ kind: "none" }),
  checkpointEverySteps: z.int().positive().default(500).describe(CHECKPOINT_HELP),
  keepPeriodic: z.int().min(0).default(3).describe("How many periodic checkpoints are kept beside best and last."),
});

const common = {
  name: z.string().max(120).default("").describe("A name for people; empty: made from the data set and the seed."),
  seed: seedSchema.default(0).describe("The same seed and settings give the same run."),
  data: dataSchema.prefault({}),
  augmentation: augmentationSchema.prefault({}),
};

/** Everything a search needs; the same schema serves the YAML file, the command line and the form. */
export const searchConfigSchema = z.strictObject({
  ...common,
  noise: noiseSchema.prefault({ kind: "gaussian", sigma255: [30, 50, 70] }),
  space: searchSpaceSchema.prefault({}),
  search: searchLoopSchema.prefault({}),
});

/** Everything a training of a derived network needs, except the genotype itself. */
export const trainConfigSchema = z.strictObject({
  ...common,
  noise: noiseSchema.prefault({ kind: "gaussian", sigma255: 30 }),
  network: networkSettingsSchema.prefault({}),
  training: trainLoopSchema.prefault({}),
});

const withOptimiser = z.looseObject({ training: z.looseObject({ optimiser: z.looseObject({}) }) });

/**
 * The settings of a training as its run folder holds them. Before the rates of the last convolution and of biases were
 * settings (version 0.1.0), they were those of SGD for Adam too: where a stored training does not name them it goes on with
 * those, whereas in new settings Adam takes neither.
 */
export const storedTrainConfigSchema = z.preprocess((stored) => {
  const found = withOptimiser.safeParse(stored);
  if (!found.success) return stored;
  const { training } = found.data;
  const fixed = { outputRateFactor: SGD_OUTPUT_RATE_FACTOR, biasRateFactor: SGD_BIAS_RATE_FACTOR };
  return { ...found.data, training: { ...training, optimiser: { ...fixed, ...training.optimiser } } };
}, trainConfigSchema);

/** More seeds than this no longer sharpen a mean that anybody reports. */
const MOST_NOISE_SEEDS = 20;

/** How a test is run: the recipe that every reported figure names. */
export const evaluationConfigSchema = z.strictObject({
  data: z
    .strictObject({
      dataset: z.string().min(1).default("sample").describe(DATASET_HELP),
      part: z
        .enum(["all", "test"])
        .default("all")
        .describe(
          "all: the photos of the data set. test: those that the network's own training kept for its test; data.dataset is then the training's, whatever stands there.",
        ),
      maxPhotos: z.int().positive().optional().describe(MAX_PHOTOS_HELP),
    })
    .prefault({}),
  noise: noiseSchema.prefault({ kind: "gaussian", sigma255: 30 }),
  noiseSeed: seedSchema.default(0).describe("Each image's noise is drawn from this seed and the image's name."),
  noiseSeeds: z
    .int()
    .min(1)
    .max(MOST_NOISE_SEEDS)
    .default(1)
    .describe("How many seeds are measured, from noiseSeed on; several give a mean and a standard deviation."),
  protocol: z
    .enum(PROTOCOLS)
    .default("whole_image")
    .describe(
      "whole_image: one draw of noise per photo. reference_tiles: as the authors' code tests, tiles of 64 pixels with fresh " +
        "noise each, averaged where they overlap, which flatters by tenths of a dB.",
    ),
  selfEnsemble: z
    .boolean()
    .default(false)
    .describe("Average the results of each photo's eight orientations: a little better, eight times slower."),
  baselines: z
    .boolean()
    .default(false)
    .describe(
      "Measure BM3D (CBM3D in colour) and non-local means on the same noisy pixels, where a Python has bm3d and scikit-image.",
    ),
  memoryBudgetMb: memoryBudgetSchema
    .default(DEFAULT_MEMORY_BUDGET_MB)
    .describe("Photos that need more than this are cut into tiles."),
});

export type SearchConfig = Readonly<z.infer<typeof searchConfigSchema>>;
export type TrainConfig = Readonly<z.infer<typeof trainConfigSchema>>;
export type EvaluationConfig = Readonly<z.infer<typeof evaluationConfigSchema>>;
export type PixelLoss = TrainConfig["training"]["pixelLoss"];
export type OptimiserConfig = TrainConfig["training"]["optimiser"];
