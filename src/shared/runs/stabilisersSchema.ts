import { z } from "zod";

const positive = z.number().positive();

const opWeightsSchema = z
  .discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("softmax") }),
    z.strictObject({
      kind: z.literal("sigmoid"),
      zeroOneWeight: z
        .number()
        .min(0)
        .default(10)
        .describe("Weight of the zero-one loss, which drives each op weight away from a half; published: 10."),
    }),
  ])
  .describe(
    "softmax: the primitives of an edge compete for a sum of 1; sigmoid (Fair-DARTS): each goes from a half to 0 or 1 by itself.",
  );

const skipWeight = positive
  .default(1)
  .describe("Weight of the extra skip until the warm-up is over; at the last epoch it is 0. Published: 1.");

const auxiliarySkipSchema = z
  .discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("none") }),
    z.strictObject({ kind: z.literal("linear"), weight: skipWeight }),
    z.strictObject({ kind: z.literal("cosine"), weight: skipWeight }),
  ])
  .describe(
    "An extra skip on every edge, so that skip_connect need not win for gradients to flow (DARTS-): none, or how its weight falls.",
  );

const radius = positive
  .max(1)
  .default(0.3)
  .describe("Farthest that an op weight is moved, at the last epoch; it grows from 0.03. Published: 0.3.");

const perturbationSchema = z
  .discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("none") }),
    z.strictObject({ kind: z.literal("random"), radius }),
    z.strictObject({
      kind: z.literal("adversarial"),
      radius,
      steps: z
        .int()
        .positive()
        .default(7)
        .describe("Steps up the loss before each weight step, each as slow as an arch step; published: 7."),
    }),
  ])
  .describe(
    "Weights learn with op weights that are moved a little, so that no sharp optimum of alpha is found (SmoothDARTS): not, at random, or to where the loss is worst.",
  );

const choiceSchema = z
  .discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("alpha") }),
    z.strictObject({
      kind: z.literal("perturbation"),
      tuneEpochs: z
        .int()
        .min(0)
        .default(1)
        .describe("Epochs from one pick to the next, in which the supernet gets used to it; 0: all picks at once."),
      batches: z.int().positive().default(4).describe("Batches of the architecture half that a loss is measured on."),
    }),
  ])
  .describe(
    "What decides in the end. alpha: the strongest. perturbation: edge after edge, the primitive whose removal hurts the supernet most (DARTS-PT).",
  );

/** What keeps a gradient search from collapsing; everything off is plain DARTS. One part for each file of src/main/compute/search/stabilisers. */
export const stabilisersSchema = z.strictObject({
  betaDecay: positive
    .nullable()
    .default(null)
    .describe(
      "Weight that a pull on logsumexp of alpha grows to by the last epoch (Beta-DARTS); published: 50, beside a cross-entropy. null switches it off.",
    ),
  dropTo: z
    .array(z.int().positive())
    .max(8)
    .refine((counts) => counts.every((count, i) => i === 0 || count < (counts[i - 1] ?? 0)), {
      error: "must fall from stage to stage",
    })
    .default([])
    .describe(
      "How many primitives each edge keeps from stage to stage, the weakest dropped for good (P-DARTS: 5, 3); the epochs behind the warm-up are parted evenly. Empty: none is dropped.",
    ),
  skipDropout: z
    .array(z.number().min(0).lt(1))
    .max(9)
    .default([])
    .describe(
      "Share of outputs of skip_connect that is dropped in the first epoch of each stage of dropTo, so that convolutions learn too; it falls to 0 by the stage's last (P-DARTS: 0, 0.4, 0.7). Empty: none is dropped.",
    ),
  edgeNormalisation: z
    .boolean()
    .default(false)
    .describe("The edges into a node learn weights that sum to 1, which decide which of them are kept (PC-DARTS)."),
  opWeights: opWeightsSchema.prefault({ kind: "softmax" }),
  auxiliarySkip: auxiliarySkipSchema.prefault({ kind: "none" }),
  perturbation: perturbationSchema.prefault({ kind: "none" }),
  choice: choiceSchema.prefault({ kind: "alpha" }),
});

export type Stabilisers = Readonly<z.infer<typeof stabilisersSchema>>;
