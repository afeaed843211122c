import { z } from "zod";

import type { Scores } from "#shared/image/scores.ts";

/** How noise is put on a photo and the network is run: the two ways are never compared. */
export const PROTOCOLS = ["whole_image", "reference_tiles"] as const;

/** What is different where the authors' test code is followed. */
export const REFERENCE_PROTOCOL =
  "Reference-code protocol: tiles of 64 pixels that begin every 48, each with noise of its own, averaged where they overlap. " +
  "More than half of a 481 x 321 picture is so seen two or four times with independent noise, which no single noisy photo " +
  "allows; by calculation that adds 0.15 to 0.8 dB. Never compare it with whole pictures of one draw.";

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
  /** Which part of the data set was measured, by the hash of its photos; left out for all of it. */
  part: z.object({ name: z.literal("test"), sha256: z.string() }).optional(),
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
  haarPsi: z.number().optional(),
});

/** Scores of the noisy input, of the best Gaussian blur and of the network's result. */
const versionsSchema = z.object({ noisy: scoresSchema, blurred: scoresSchema, denoised: scoresSchema });
export type Versions = Readonly<z.infer<typeof versionsSchema>>;

/** Classical methods that are measured beside a network. */
export const BASELINE_METHODS = ["bm3d", "non_local_means"] as const;
export type BaselineMethod = (typeof BASELINE_METHODS)[number];

/** What a classical method reached on the same noisy pixels; without scores where `problem` says why there are none. */
const baselineSchema = z.object({
  method: z.enum(BASELINE_METHODS),
  /** What ran, with its version, e.g. `bm3d 4.0.3`. */
  tool: z.string().nullable(),
  /** Whether the method was told the sigma that was added or one that was estimated. */
  sigma: z.enum(["known", "estimated"]),
  mean: scoresSchema.nullable(),
  /** Standard deviation over the noise seeds; left out for one seed. */
  spread: scoresSchema.optional(),
  seconds: z.number(),
  problem: z.string().nullable(),
});
export type Baseline = Readonly<z.infer<typeof baselineSchema>>;

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
      ...versionsSchema.shape,
      /** Standard deviation over the noise seeds, of which the scores are the mean; left out for one seed. */
      spread: versionsSchema.optional(),
      /** Of one seed, all passes. */
      seconds: z.number(),
    }),
  ),
  mean: versionsSchema,
  /** Standard deviation of the mean over the noise seeds; left out for one seed. */
  spread: versionsSchema.optional(),
  baselines: z.array(baselineSchema).optional(),
  /** What is the same for all evaluations that were asked for at once; left out for one alone. */
  group: z.string().optional(),
  parameters: z.int(),
  multiplyAddsPerPixel: z.number(),
  megapixelsPerSecond: z.number(),
  peakResidentMb: z.number(),
  engine: z.string(),
});
export type Evaluation = Readonly<z.infer<typeof evaluationSchema>>;
