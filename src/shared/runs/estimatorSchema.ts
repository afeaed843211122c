import { z } from "zod";

import { seedSchema } from "#shared/random/seedSchema.ts";

const count = z.int().positive();

/** What every estimator has that trains a candidate's network. */
const training = {
  steps: count
    .default(300)
    .describe("Updates of each candidate's weights; batches and patches are those of the search."),
  filters: count
    .max(1024)
    .nullable()
    .default(null)
    .describe("Channels of width level 0 of the networks that are trained; null takes those of the space."),
  maxPhotos: count.nullable().default(null).describe("Train on only the first so many photos; null takes all."),
  learningRate: z.number().positive().default(1e-3).describe("At the first step (Adam); it falls along half a cosine."),
  normalisation: z
    .enum(["batch", "none"])
    .default("batch")
    .describe(
      "none trains the candidates without batch norms: with few small patches a step, a short training says more of the network then.",
    ),
  seed: seedSchema
    .nullable()
    .default(null)
    .describe("Of weights and batches; null takes the search's. Other seeds say how far a score is chance."),
};

export const shortTrainingSchema = z.strictObject({
  kind: z.literal("short_training"),
  ...training,
  warmStart: z
    .enum(["none", "parent"])
    .default("none")
    .describe(
      "parent: a candidate that was changed from another begins with its trained weights wherever they fit, and computes the same at first where it is the other one grown (network morphism). For strategies that change architectures.",
    ),
  curve: z.boolean().default(false).describe("Validate at 25 and 50 % of the steps as well, and tell it."),
});
export type ShortTraining = Readonly<z.infer<typeof shortTrainingSchema>>;

export const learningCurveSchema = z.strictObject({
  kind: z.literal("learning_curve"),
  ...training,
  share: z
    .number()
    .min(0.05)
    .max(0.95)
    .default(0.5)
    .describe("Share of the steps that is trained, with the learning rate of the whole; the rest is foretold."),
  validations: z
    .int()
    .min(4)
    .max(50)
    .default(6)
    .describe("Scores on the way that the end is foretold from, evenly spaced."),
});
export type LearningCurve = Readonly<z.infer<typeof learningCurveSchema>>;

/** Counts the steps that are trained before the rest is foretold. */
export function countTrainedSteps({ steps, share }: Pick<LearningCurve, "steps" | "share">): number {
  return Math.max(1, Math.round(steps * share));
}

/** What a training can be given less of. */
export const FIDELITIES = ["steps", "photos", "filters"] as const;

/** Trainings on rungs: few of those that were trained a little are trained with more. */
const rungs = {
  ...training,
  rungs: z.int().min(2).max(6).default(3).describe("How many times the best few go on, the first time included."),
  factor: z
    .int()
    .min(2)
    .max(10)
    .default(3)
    .describe("One in so many goes on to the next rung, which gives so many times as much."),
  fidelities: z
    .array(z.enum(FIDELITIES))
    .min(1)
    .default(["steps"])
    .readonly()
    .describe("What lower rungs have less of; the settings above are those of the highest. Each rung trains anew."),
};

export const successiveHalvingSchema = z.strictObject({
  kind: z.literal("successive_halving"),
  ...rungs,
  bracket: count
    .default(27)
    .describe("Candidates that begin together; the strategy learns their scores when the last of them has its own."),
});
export const asynchronousHalvingSchema = z.strictObject({ kind: z.literal("asynchronous_halving"), ...rungs });
export type SuccessiveHalving = Readonly<z.infer<typeof successiveHalvingSchema>>;
export type AsynchronousHalving = Readonly<z.infer<typeof asynchronousHalvingSchema>>;
/** The settings of either halving. */
export type Halving = SuccessiveHalving | AsynchronousHalving;

export const supernetSchema = z.strictObject({
  kind: z.literal("supernet"),
  supernetSteps: count
    .default(2000)
    .describe(
      "Updates of the supernet's weights before the first candidate, each on the path of a random one; with the settings of the weights optimiser.",
    ),
});
export type SupernetPaths = Readonly<z.infer<typeof supernetSchema>>;

/** What a network is like untrained, as a score: its size, for asking how far that alone tells quality, or its gradient on one batch. */
const untrainedSchemas = [
  z.strictObject({ kind: z.literal("parameters") }),
  z.strictObject({ kind: z.literal("multiply_adds") }),
  z.strictObject({ kind: z.literal("reach") }),
  z.strictObject({ kind: z.literal("gradient_norm") }),
  z.strictObject({ kind: z.literal("snip") }),
  z.strictObject({ kind: z.literal("synflow") }),
  z.strictObject({ kind: z.literal("jacobian_covariance") }),
] as const;

const candidateSchemas = [
  shortTrainingSchema,
  successiveHalvingSchema,
  asynchronousHalvingSchema,
  learningCurveSchema,
  supernetSchema,
  ...untrainedSchemas,
] as const;

/** How a candidate is scored: one variant per estimator of src/main/compute/search. */
export const estimatorSchema = z
  .discriminatedUnion("kind", [z.strictObject({ kind: z.literal("shared_weights") }), ...candidateSchemas])
  .describe(
    "shared_weights: the validation score of the supernet, whose weights all candidates share. short_training: of the candidate's network after a short training. successive_halving, asynchronous_halving: the same, where many are trained a little and the best of them more, in brackets or as soon as one is among the best. learning_curve: what its validation score would be at the end of a training that is cut short. supernet: of the candidate's path through a supernet, which is trained first on random paths and whose weights all share. parameters, multiply_adds, reach: its size, without any training. gradient_norm, snip: the length of its gradient on one batch, and how much a batch's loss hangs on its weights. synflow: how much flows through its weights, without data. jacobian_covariance: how differently its output answers to different patches.",
  );

export type EstimatorSettings = Readonly<z.infer<typeof estimatorSchema>>;
/** Estimators that score an architecture by itself, without a supernet. */
export type CandidateEstimatorSettings = Exclude<EstimatorSettings, { readonly kind: "shared_weights" }>;

/** Their kinds, for people who took another. */
export const CANDIDATE_ESTIMATORS: readonly CandidateEstimatorSettings["kind"][] = candidateSchemas.map(
  ({ shape }) => shape.kind.value,
);

/** Estimators that train a candidate's network from scratch. */
export type TrainingEstimator = Extract<EstimatorSettings, { readonly steps: number }>;

/** Whether an estimator trains each candidate's network. */
export function isTraining(settings: EstimatorSettings): settings is TrainingEstimator {
  return "steps" in settings;
}

/** Whether an estimator trains on rungs. */
export function isHalving(settings: EstimatorSettings): settings is Halving {
  return "rungs" in settings;
}
