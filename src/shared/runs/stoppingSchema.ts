import { z } from "zod";

const rollBack = z
  .boolean()
  .default(true)
  .describe("Keep the best epoch from before the one that the search stops at; without, that one may be the best too.");

/** When a search stops before its last epoch; looked at after each epoch behind the warm-up. One variant per rule of src/main/compute/search/stopping. */
export const stoppingSchema = z
  .discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("none") }),
    z.strictObject({
      kind: z.literal("bestValidation"),
      patience: z.int().positive().default(10).describe("Epochs without a better validation score."),
    }),
    z.strictObject({
      kind: z.literal("skips"),
      limit: z
        .int()
        .min(0)
        .default(2)
        .describe("The search stops where a cell would keep more skip connections (DARTS+)."),
      rollBack,
    }),
    z.strictObject({
      kind: z.literal("stableRank"),
      epochs: z
        .int()
        .min(2)
        .default(10)
        .describe("Epochs in a row in which every edge has the same best primitive (DARTS+)."),
      rollBack,
    }),
    z.strictObject({
      kind: z.literal("hessian"),
      ratio: z
        .number()
        .min(1)
        .default(1.3)
        .describe("The search stops where the eigenvalue is so many times that of four measurements before (R-DARTS)."),
      fromEpoch: z.int().min(1).default(10).describe("First epoch at which the search may stop."),
      everyEpochs: z.int().positive().default(2).describe("Epochs from one measurement to the next."),
      rollBack,
    }),
  ])
  .describe(
    "none: all epochs. bestValidation: the score stays. skips: a cell fills with skip connections. stableRank: no edge changes its mind. hessian: the dominant eigenvalue of the alpha Hessian rises.",
  );

export type Stopping = Readonly<z.infer<typeof stoppingSchema>>;
