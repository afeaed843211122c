import { z } from "zod";

import { DEFAULT_MEMORY_BUDGET_MB } from "#shared/image/memoryBudget.ts";
import { memoryBudgetSchema } from "#shared/image/memoryBudgetSchema.ts";
import { noiseSchema } from "#shared/image/noise.ts";
import { searchSpaceSchema } from "#shared/space/searchSpace.ts";

const share = z.number().min(0).max(1);
const positive = z.number().positive();
const nonNegative = z.number().min(0);

export const dataSchema = z.strictObject({
  dataset: z
    .string()
    .min(1)
    .default("sample")
    .describe("Name of a registered data set, a folder of clean photos, or `sample` for the built-in set."),
  validationShare: share
    .default(0.02)
    .describe("Share of the photos, last by name, kept for validation (at least one)."),
  maxPhotos: z.int().positive().optional().describe("Use only the first so many photos by name."),
});

export const augmentationSchema = z.strictObject({
  rescaleProbability: share.default(0.5).describe("Chance that a photo is rescaled before its patch is cut."),
  rescaleFrom: positive.default(0.8),
  rescaleTo: positive.default(1.2),
  rotate: z.boolean().default(true).describe("Turn by a random multiple of 90 degrees."),
  mirror: z.boolean().default(true).describe("Mirror left to right with chance one half."),
});

const searchLoopSchema = z.strictObject({
  epochs: z.int().positive().default(100),
  warmupEpochs: z.int().min(0).default(20).describe("Epochs before the first arch step."),
  batchSize: z.int().positive().default(6),
  patchSize: z.int().min(11).default(64).describe("Side of a square training patch in pixels."),
  ssimWeight: nonNegative.default(0.5).describe("Weight of log10(1/SSIM) beside the mean squared error."),
  weights: z
    .strictObject({
      learningRate: positive.default(0.025),
      minLearningRate: nonNegative.default(0.001),
      momentum: share.default(0.9),
      weightDecay: nonNegative.default(3e-4),
      cosineHalfPeriodEpochs: positive.default(10),
      polyPower: nonNegative.default(0.9),
    })
    .prefault({}),
  arch: z
    .strictObject({
      learningRate: positive.default(1e-3),
      weightDecay: nonNegative.default(1e-3),
      beta1: share.default(0.9),
      beta2: share.default(0.999),
    })
    .prefault({}),
  validateFromEpoch: z.int().positive().default(1),
  recompute: z
    .boolean()
    .default(false)
    .describe("Recompute cells in the backward pass instead of remembering them: less memory, more time."),
  keepSupernetWeights: z
    .boolean()
    .default(true)
    .describe("Store supernet weights in checkpoints, so that a search can resume after a restart."),
  checkpointEverySteps: z.int().positive().default(50),
});

const optimiserSchema = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("sgd"),
    learningRate: positive.default(0.05),
    momentum: share.default(0.9),
    weightDecay: nonNegative.default(4e-5),
  }),
  z.strictObject({
    kind: z.literal("adam"),
    learningRate: positive.default(1e-3),
    beta1: share.default(0.9),
    beta2: share.default(0.999),
    weightDecay: nonNegative.default(0),
  }),
]);

const scheduleSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("poly"), power: nonNegative.default(0.9) }),
  z.strictObject({ kind: z.literal("cosine"), minLearningRate: nonNegative.default(0) }),
]);

const trainLoopSchema = z.strictObject({
  steps: z.int().positive().default(600_000),
  batchSize: z.int().positive().default(24),
  patchSize: z.int().min(11).default(64),
  ssimWeight: nonNegative.default(0.6),
  optimiser: optimiserSchema.prefault({ kind: "sgd" }),
  schedule: scheduleSchema.prefault({ kind: "poly" }),
  warmupSteps: z.int().min(0).default(0).describe("Steps over which the learning rate rises linearly from zero."),
  clipValue: positive
    .nullable()
    .default(5)
    .describe("Each gradient value is clipped to plus or minus this; null switches it off."),
  averagingDecay: share
    .nullable()
    .default(null)
    .describe("Decay of an exponential average of the weights that is validated and saved; null switches it off."),
  validateEverySteps: z.int().positive().default(1000),
  checkpointEverySteps: z.int().positive().default(500),
  keepPeriodic: z.int().min(0).default(3).describe("How many periodic checkpoints are kept beside best and last."),
});

const networkSchema = z.strictObject({
  filters: z.int().min(1).max(1024).default(20).describe("Channels of width level 0 in the final network."),
});

const common = {
  name: z.string().max(120).default("").describe("A name for people; empty: made from the data set and the seed."),
  seed: z.int().min(0).max(0xffffffff).default(0),
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
  network: networkSchema.prefault({}),
  training: trainLoopSchema.prefault({}),
});

/** How a test is run: the recipe that every reported figure names. */
export const evaluationConfigSchema = z.strictObject({
  data: z
    .strictObject({ dataset: z.string().min(1).default("sample"), maxPhotos: z.int().positive().optional() })
    .prefault({}),
  noise: noiseSchema.prefault({ kind: "gaussian", sigma255: 30 }),
  noiseSeed: z.int().min(0).default(0).describe("Each image's noise is drawn from this seed and the image's name."),
  memoryBudgetMb: memoryBudgetSchema
    .default(DEFAULT_MEMORY_BUDGET_MB)
    .describe("Photos that need more than this are cut into tiles."),
});

export type SearchConfig = Readonly<z.infer<typeof searchConfigSchema>>;
export type TrainConfig = Readonly<z.infer<typeof trainConfigSchema>>;
export type EvaluationConfig = Readonly<z.infer<typeof evaluationConfigSchema>>;
export type Augmentation = Readonly<z.infer<typeof augmentationSchema>>;
export type OptimiserConfig = TrainConfig["training"]["optimiser"];
export type ScheduleConfig = TrainConfig["training"]["schedule"];
