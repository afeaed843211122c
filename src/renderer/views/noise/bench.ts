import { at } from "#shared/at.ts";
import type { NoisyPhoto, TrainingPatch } from "#shared/api/noise.ts";
import type { PictureWish } from "#shared/api/pictures.ts";
import { largestSigma255, type Noise, noiseSchema } from "#shared/image/noise.ts";
import { type SearchConfig, searchConfigSchema, type TrainConfig, trainConfigSchema } from "#shared/runs/config.ts";
import { listStages } from "#shared/runs/trainingStages.ts";

/** What stands on the bench. */
export interface Bench {
  readonly view: "photo" | "patch";
  readonly dataset: string;
  /** The photo's name; null until the data set's first one is known. */
  readonly photo: string | null;
  readonly channels: 1 | 3;
  readonly noise: Noise;
  readonly seed: number;
  readonly patch: Pick<
    TrainingPatch,
    "set" | "validationShare" | "test" | "maxPhotos" | "augmentation" | "batchSize" | "patchSize" | "step" | "index"
  >;
}

/** The settings of a run that decide its batches. */
export type RunSettings =
  { readonly kind: "search"; readonly config: SearchConfig } | { readonly kind: "train"; readonly config: TrainConfig };

/** What the lab is asked about: a whole photo or a patch. */
export type BenchSubject =
  { readonly kind: "noise"; readonly of: NoisyPhoto } | { readonly kind: "patch"; readonly of: TrainingPatch };

type View = "clean" | "noisy" | "difference";

/** Noise of this many deviations reaches from grey to black or white in the enlarged picture of it. */
const SHOWN_DEVIATIONS = 2.5;
const MIDDLE_255 = 127.5;
const LARGEST_GAIN = 512;

/** Returns a bench with the settings of a search or training; what is looked at stays where it can. */
export function takeSetup(before: Pick<Bench, "view" | "dataset" | "photo">, setup: RunSettings): Bench {
  const { data, augmentation, noise, seed } = setup.config;
  const { batchSize, patchSize } =
    setup.kind === "search"
      ? setup.config.search
      : at(listStages(setup.config.training), 0, "noise bench: stage of a training");
  const { imageChannels } = setup.kind === "search" ? setup.config.space : setup.config.network;
  const { dataset, validationShare, test, maxPhotos } = data;
  return {
    view: before.view,
    dataset,
    photo: dataset === before.dataset ? before.photo : null,
    channels: imageChannels,
    noise,
    seed,
    patch: {
      set: setup.kind === "search" ? "weights" : "training",
      validationShare,
      test,
      ...(maxPhotos === undefined ? {} : { maxPhotos }),
      augmentation,
      batchSize,
      patchSize,
      step: 0,
      index: 0,
    },
  };
}

/** Returns a bench with the default settings of a search or training, and the same photo. */
export function takeDefaults(before: Pick<Bench, "view" | "dataset" | "photo">, kind: RunSettings["kind"]): Bench {
  const settings: RunSettings =
    kind === "search" ? { kind, config: searchConfigSchema.parse({}) } : { kind, config: trainConfigSchema.parse({}) };
  const { dataset, photo } = before;
  return { ...takeSetup(before, settings), dataset, photo };
}

/** Makes the question for the lab; null while something of it is not known or not sound. */
export function toSubject({ view, dataset, photo, channels, noise, seed, patch }: Bench): BenchSubject | null {
  if (!noiseSchema.safeParse(noise).success) return null;
  if (view === "patch") return { kind: "patch", of: { dataset, channels, noise, seed, ...patch } };
  return photo === null ? null : { kind: "noise", of: { dataset, photo, channels, noise, seed } };
}

/** Names the picture of a subject. */
export function toPicture(subject: BenchSubject, view: View): PictureWish {
  const gain = toGain(subject.of.noise);
  return subject.kind === "noise"
    ? { kind: "noise", ...subject.of, view, gain }
    : { kind: "patch", ...subject.of, view, gain };
}

/** Returns the gain at which noise of this setting fills the range from black to white. */
export function toGain(noise: Noise): number {
  const sigma255 = largestSigma255(noise);
  if (sigma255 === 0) return LARGEST_GAIN;
  return Math.min(LARGEST_GAIN, (2 * MIDDLE_255) / (SHOWN_DEVIATIONS * sigma255));
}
