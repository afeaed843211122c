import { z } from "zod";

import { type Noise, NOISE_KINDS } from "#shared/image/noise.ts";
import { networkSettingsSchema } from "#shared/space/spaces/networkPlan.ts";
import { type AnyGenotype, parseAnyGenotype } from "#shared/space/spaces/spaces.ts";

const sigma255Schema = z.number().min(0).max(255);
const hoursSchema = z.number().min(0).nullable();

/** One figure that was measured: on which set, at which noise (null where a camera made it), what came out. */
const figureSchema = z.strictObject({
  set: z.string().min(1),
  sigma255: sigma255Schema.nullable(),
  psnrDb: z.number(),
  ssim: z.number().nullable().default(null),
});

/** What is told of a network that leaves the lab, comes from elsewhere, or is shipped: it lies beside its weights. */
export const modelCardSchema = z.strictObject({
  schema: z.literal("hinas.model"),
  version: z.literal(1),
  /** Goes where a run's id goes, so it is no path. */
  name: z
    .string()
    .max(120)
    .regex(/^[^/\\]+$/),
  /** Names the network by its content: a SHA-256 over the genotype and the filters with norms folded in. */
  hash: z.string().regex(/^[0-9a-f]{64}$/),
  genotype: z.unknown().transform((value): AnyGenotype => parseAnyGenotype(value, "model card")),
  network: networkSettingsSchema,
  /** How the architecture was found, in words. */
  found: z.string(),
  /** What it was trained on; null where nobody knows. */
  data: z.strictObject({ name: z.string(), fingerprint: z.string() }).nullable(),
  /** What the noise is that it was trained to remove; null where nobody knows. */
  noise: z.enum(NOISE_KINDS).nullable(),
  /** The range of that noise, 0..255 scale; null where the noise has no one number. */
  trainedSigma255: z.strictObject({ from: sigma255Schema, to: sigma255Schema }).nullable(),
  /** How it was trained, in words. */
  recipe: z.string(),
  figures: z.array(figureSchema),
  /** Processor hours; null where nobody knows. */
  coreHours: z.strictObject({ search: hoursSchema, training: hoursSchema, tuning: hoursSchema }),
  /** The commands that made it, in order. */
  commands: z.array(z.string()),
  createdAt: z.iso.datetime(),
});
export type ModelCard = Readonly<z.infer<typeof modelCardSchema>>;

/** Returns the range of noise that a training with this setting has seen; null where the noise has no one number. */
export function trainedRangeOf(noise: Noise): ModelCard["trainedSigma255"] {
  if (noise.kind !== "gaussian") return null;
  const { sigma255 } = noise;
  if (typeof sigma255 === "number") return { from: sigma255, to: sigma255 };
  return "from" in sigma255 ? sigma255 : { from: Math.min(...sigma255), to: Math.max(...sigma255) };
}
