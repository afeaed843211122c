import { z } from "zod";

import { augmentationSchema } from "#shared/image/augmentation.ts";
import { type CameraFit, FIT_WAYS, MOST_SHOTS } from "#shared/image/cameraFit/fitCamera.ts";
import { type Noise, noiseSchema, type SettledNoise } from "#shared/image/noise.ts";
import type { NoiseCorrelation } from "#shared/image/noiseFigures.ts";
import { seedSchema } from "#shared/random/seedSchema.ts";
import type { TrainConfig } from "#shared/runs/config.ts";
import { testPartSchema } from "#shared/runs/testPartSchema.ts";
import type { AnyGenotype } from "#shared/space/spaces/spaces.ts";

import { takes } from "./procedure.ts";
import type { CostEstimate } from "./settings.ts";

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
  /** Left out where no photos are kept for a test. */
  test: testPartSchema.optional(),
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

/** A short training of a network for a noise, from what the network has learned. */
const fineTuningSchema = z.strictObject({
  /** The network that it begins with: a training, or a model by its name or hash. */
  model: z.string().min(1),
  dataset: z.string().min(1),
  noise: noiseSchema,
  /** How long it may take here, as far as can be estimated. */
  seconds: z.number().positive().max(86_400).default(300),
  name: z.string().max(120).default(""),
});
export type FineTuningWish = Readonly<z.infer<typeof fineTuningSchema>>;

/** A training that is ready to be started, and what it will cost. */
export interface FineTuning {
  readonly settings: TrainConfig;
  readonly genotype: AnyGenotype;
  readonly estimate: CostEstimate;
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
  /** Measures the noise of a camera in photos: a noisy and a clean one, a burst, or flat frames; without a way the photos decide. */
  fitCamera: takes(
    z.strictObject({
      files: z.array(z.string().min(1)).min(1).max(MOST_SHOTS),
      way: z.enum(FIT_WAYS).nullable().default(null),
    }),
  ).gives<CameraFit>(),
  /** Plans a short training for a noise; nothing is started. Steps of it are taken for about a second, to know how fast they are. */
  planFineTuning: takes(fineTuningSchema).gives<FineTuning>(),
  removeNoiseProfile: takes(z.string()).givesNothing(),
};
