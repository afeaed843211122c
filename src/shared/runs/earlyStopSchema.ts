import { z } from "zod";

/** When a training ends before its last step; looked at after each validation. */
export const earlyStopSchema = z
  .discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("none") }),
    z.strictObject({
      kind: z.literal("validation"),
      patienceValidations: z
        .int()
        .positive()
        .default(10)
        .describe("The training ends after so many validations in a row without such a gain."),
      minGainDb: z
        .number()
        .min(0)
        .default(0.01)
        .describe("What counts as a gain: so many dB of PSNR more than at the last gain. With 0 any gain counts."),
    }),
  ])
  .describe("none: all steps. validation: the training ends, with its best network, when the validation PSNR stays.");

export type EarlyStop = Readonly<z.infer<typeof earlyStopSchema>>;
