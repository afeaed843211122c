import { z } from "zod";

const sigma = z.number().min(0).max(255);

/** Noise added to clean photos; sigma on the 0..255 scale. `paired` takes the noisy photo of a camera pair instead. */
export const noiseSchema = z
  .discriminatedUnion("kind", [
    z.strictObject({
      kind: z.literal("gaussian"),
      sigma255: z
        .union([sigma, z.array(sigma).min(1), z.strictObject({ from: sigma, to: sigma })])
        .describe(
          "One level (30), several to pick from (30, 50, 70), or a range drawn per patch (0..55); 0..255 scale.",
        ),
    }),
    z.strictObject({
      kind: z.literal("poisson_gaussian"),
      gain: z
        .number()
        .positive()
        .describe("Signal-dependent part: variance per unit of signal, both on the 0..1 scale; typical: 0.01."),
      sigma255: sigma.describe("Constant part, 0..255 scale; typical: 5."),
    }),
    z.strictObject({ kind: z.literal("paired") }),
  ])
  .describe("What is added to clean photos; camera pairs bring a noisy photo of their own to each clean one.");

export type Noise = Readonly<z.infer<typeof noiseSchema>>;
