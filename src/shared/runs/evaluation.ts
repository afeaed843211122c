import { z } from "zod";

import type { Scores } from "#shared/image/scores.ts";

/** How noise is put on a photo and the network is run: the two ways are never compared. */
export const PROTOCOLS = ["whole_image", "reference_tiles"] as const;

/** How figures were computed, in words and as a name that goes with every figure, e.g. `whole-image/one-draw/clip/grey/gaussian-30/seed-0`. */
const recipeSchema = z.object({
  name: z.string(),
  noise: z.string(),
  noiseSeed: z.int(),
  clipped: z.literal(true),
  channels: z.enum(["grey", "colour"]),
  /** Whether a network with a noise map was told the noise or an estimate of it; left out for others, and by older versions. */
  noiseMap: z.enum(["known", "estimated"]).optional(),
  /** Left out for whole pictures with one draw of noise. */
  protocol: z.literal("reference_tiles").optional(),
  /** How many seeds, from `noiseSeed` on, the figures are means over; left out for one. */
  noiseSeeds: z.int().min(2).optional(),
  /** Left out where the network ran once per picture. */
  selfEnsemble: z.literal(true).optional(),
});
export type Recipe = Readonly<z.infer<typeof recipeSchema>>;

/** Reads the one fixed sigma out of a noise in words (`gaussian-30`), 0..255 scale; null for any other noise. */
export function sigmaOf(noise: string): number | null {
  const level = /^gaussian-(\d+(?:\.\d+)?)$/.exec(noise)?.[1];
  return level === undefined ? null : Number(level);
}

const scoresSchema: z.ZodType<Scores> = z.object({
  psnrDb: z.number(),
  ssim: z.number(),
  psnr8BitDb: z.number(),
  ssim8Bit: z.number(),
});

export const evaluationSchema = z.object({
  schema: z.literal("hinas.evaluation"),
  version: z.literal(1),
  recipe: recipeSchema,
  dataset: z.string(),
  model: z.object({ runId: z.string(), checkpoint: z.string(), genotypeHash: z.string() }),
  images: z.array(
    z.object({
      name: z.string(),
      width: z.int(),
      height: z.int(),
      noisy: scoresSchema,
      blurred: scoresSchema,
      denoised: scoresSchema,
      seconds: z.number(),
    }),
  ),
  mean: z.object({ noisy: scoresSchema, blurred: scoresSchema, denoised: scoresSchema }),
  parameters: z.int(),
  multiplyAddsPerPixel: z.number(),
  megapixelsPerSecond: z.number(),
  peakResidentMb: z.number(),
  engine: z.string(),
});
export type Evaluation = Readonly<z.infer<typeof evaluationSchema>>;
