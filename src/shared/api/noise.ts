import { z } from "zod";

import { augmentationSchema } from "#shared/image/augmentation.ts";
import { type Noise, noiseSchema, type SettledNoise } from "#shared/image/noise.ts";
import type { NoiseCorrelation } from "#shared/image/noiseFigures.ts";
import { seedSchema } from "#shared/random/seedSchema.ts";

import { takes } from "./procedure.ts";

/** A noise setting with a name, for searches, trainings and tests. */
export interface NoiseProfile {
  readonly name: string;
  readonly noise: Noise;
  readonly savedAt: string;
}

/** A photo is taken grey or in colour, as the network takes it that the noise is for. */
const channelsSchema = z.literal([1, 3]).default(1);

/** A whole photo with the noise that an evaluation with this seed puts on it. */
export const noisyPhotoSchema = z.strictObject({
  dataset: z.string().min(1),
  photo: z.string().min(1),
  channels: channelsSchema,
  noise: noiseSchema,
  seed: seedSchema,
});
export type NoisyPhoto = Readonly<z.infer<typeof noisyPhotoSchema>>;

/** One patch of the batch that a search or training with these settings gets at a step (from 0). */
export const trainingPatchSchema = z.strictObject({
  dataset: z.string().min(1),
  /** Whose batches: a search's weight steps or arch steps, or a training's steps. */
  set: z.enum(["weights", "architecture", "training"]),
  channels: channelsSchema,
  noise: noiseSchema,
  seed: seedSchema,
  validationShare: z.number().min(0).max(1),
  maxPhotos: z.int().positive().optional(),
  augmentation: augmentationSchema,
  batchSize: z.int().positive().max(4096),
  patchSize: z.int().min(11).max(1024),
  step: z.int().min(0),
  index: z.int().min(0),
});
export type TrainingPatch = Readonly<z.infer<typeof trainingPatchSchema>>;

/** What noise does to a picture, in figures. The picture itself is had by its reference (pictures.ts). */
export interface NoiseFigures {
  /** The photo that it was made from. */
  readonly photo: string;
  readonly width: number;
  readonly height: number;
  /** With the sigma that was drawn. */
  readonly noise: SettledNoise;
  /** Mean and standard deviation of noisy minus clean, 0..255 scale. */
  readonly mean255: number;
  readonly deviation255: number;
  /** Of the noisy picture, clipped to what a screen shows. */
  readonly psnrDb: number;
  readonly ssim: number;
  /** Standard deviation by the clean picture's brightness, dark first, 0..255 scale; null where it has hardly any such values. */
  readonly levels255: readonly (number | null)[];
  readonly correlation: NoiseCorrelation;
  /** What is estimated from the noisy picture alone, as one does where the clean one is not known. */
  readonly estimatedSigma255: number;
  /** Noisy minus clean, 0..255 scale: `counts[i]` values lie in `from255 + i * binWidth255` and the next bin. */
  readonly histogram: {
    readonly from255: number;
    readonly binWidth255: number;
    readonly counts: readonly number[];
    /** What the noise model alone would give for this picture, on average; null for the noise of a camera. */
    readonly expected: readonly number[] | null;
  };
}

export const noiseProcedures = {
  measureNoise: takes(noisyPhotoSchema).gives<NoiseFigures>(),
  measurePatch: takes(trainingPatchSchema).gives<NoiseFigures>(),
  /** By name. */
  listNoiseProfiles: takes().gives<readonly NoiseProfile[]>(),
  /** Replaces a profile of the same name. */
  saveNoiseProfile: takes(
    z.strictObject({ name: z.string().trim().min(1).max(80), noise: noiseSchema }),
  ).gives<NoiseProfile>(),
  removeNoiseProfile: takes(z.string()).givesNothing(),
};
