import { z } from "zod";

import { at } from "#shared/at.ts";
import { LabError } from "#shared/labError.ts";
import { createRandom } from "#shared/random/createRandom.ts";
import type { Random } from "#shared/random/random.ts";

import { cameraNoise } from "./noise/camera.ts";
import { gaussianNoise } from "./noise/gaussian.ts";
import type { NoiseContradiction, NoiseModel, NoiseModels, SyntheticModel } from "./noise/noiseModel.ts";
import { pairedNoise } from "./noise/paired.ts";
import { poissonGaussianNoise } from "./noise/poissonGaussian.ts";
import type { MeasuredNoise } from "./noiseFigures.ts";
import type { NamedPhoto, Photo } from "./photo.ts";

/** Every kind of noise, in the order in which forms and messages list them. */
const NOISE_MODELS: NoiseModels = {
  gaussian: gaussianNoise,
  poisson_gaussian: poissonGaussianNoise,
  camera: cameraNoise,
  paired: pairedNoise,
};

export type NoiseKind = keyof NoiseModels;
export type SyntheticKind = { [K in NoiseKind]: NoiseModels[K] extends { isSynthetic: true } ? K : never }[NoiseKind];

type Schemas = { readonly [K in NoiseKind]: NoiseModels[K]["schema"] };
type Settings = { readonly [K in NoiseKind]: Readonly<z.infer<Schemas[K]>> };
type SettledSettings = { readonly [K in NoiseKind]: ReturnType<NoiseModels[K]["settle"]> };
type KeyOf<Setting> = Setting extends unknown ? Exclude<keyof Setting, "kind"> : never;

/** A noise setting, of one kind or of any. */
export type Noise<K extends NoiseKind = NoiseKind> = Settings[K];
/** Noise that is computed, unlike the noise a camera pair brings along. */
export type SyntheticNoise = Settings[SyntheticKind];
/** Noise of which nothing is left to be drawn but its values. */
export type SettledNoise<K extends NoiseKind = NoiseKind> = SettledSettings[K];
/** The name of a setting of some kind of noise. */
export type NoiseParameter<K extends NoiseKind = NoiseKind> = KeyOf<Settings[K]>;

/** The same table, seen so that a kind picks the model that takes settings of this kind. */
const MODELS: { readonly [K in NoiseKind]: NoiseModel<Schemas[K], SettledSettings[K]> } = NOISE_MODELS;
const SYNTHETIC: { readonly [K in SyntheticKind]: SyntheticModel<Schemas[K], SettledSettings[K]> } = NOISE_MODELS;

const SCHEMAS = Object.values(MODELS).map(({ schema }) => schema);

/** Noise added to clean photos; sigma on the 0..255 scale. `paired` takes the noisy photo of a camera pair instead. */
export const noiseSchema = z
  .discriminatedUnion("kind", [at(SCHEMAS, 0, "noise: model"), ...SCHEMAS.slice(1)])
  .describe("What is added to clean photos; camera pairs bring a noisy photo of their own to each clean one.");

/** The kinds of noise in the order in which forms list them. */
export const NOISE_KINDS: readonly NoiseKind[] = SCHEMAS.map(({ shape }) => shape.kind.value);

function modelOf<K extends NoiseKind>(kind: K): NoiseModel<Schemas[K], SettledSettings[K]> {
  return MODELS[kind];
}

function syntheticModelOf<K extends SyntheticKind>(kind: K): SyntheticModel<Schemas[K], SettledSettings[K]> {
  return SYNTHETIC[kind];
}

/** Tells whether noise of a kind is computed; if not, a camera pair brings it along. */
export function isSyntheticKind(kind: NoiseKind): kind is SyntheticKind {
  return MODELS[kind].isSynthetic;
}

/** Tells whether the noise of a setting is computed. */
export function isSynthetic<N extends Noise>(noise: N): noise is Extract<N, { kind: SyntheticKind }> {
  return isSyntheticKind(noise.kind);
}

/** Tells whether the noise of a setting can be told to a network as a map of its standard deviation. */
export function isMappable(noise: Noise): boolean {
  return isSynthetic(noise) && syntheticModelOf(noise.kind).deviations !== null;
}

/** Returns where a form begins when this kind is chosen. */
export function firstNoise(kind: NoiseKind): Noise {
  return modelOf(kind).first;
}

/** Lists what is set of a kind of noise, in the schema's order. */
export function listNoiseParameters(kind: NoiseKind): readonly NoiseParameter[] {
  return Object.keys(MODELS[kind].schema.shape).filter((key): key is NoiseParameter => key !== "kind");
}

/** Returns the parameter of which an evaluation takes several levels, one after the other; null for noise without one. */
export function levelOfNoise(kind: NoiseKind): NoiseParameter | null {
  return MODELS[kind].level;
}

/** Returns the largest standard deviation that is to be expected of a setting, 0..255 scale. */
export function largestSigma255(noise: Noise): number {
  return modelOf(noise.kind).largestSigma255(noise);
}

/** Names a noise setting in a form fit for file and recipe names, e.g. `gaussian-30,50,70` or `poisson-gaussian-g0.01-s5`. */
export function describeNoise(noise: Noise): string {
  return modelOf(noise.kind).describe(noise);
}

/** Finds parameters that contradict each other; none in sound settings. `path` leads to the noise in the settings. */
export function findNoiseContradictions(noise: Noise, path: readonly string[]): readonly NoiseContradiction[] {
  return modelOf(noise.kind).contradictions(noise, path);
}

/** Draws what a setting leaves open, such as one sigma of a range; with the result, noise is the same as with the setting itself. */
export function settleNoise(noise: Noise, random: Random): SettledNoise {
  return modelOf(noise.kind).settle(noise, random);
}

/** Adds synthetic noise to a photo; values are never clipped or rounded. What the setting leaves open is drawn first. */
export function addNoise(photo: Photo, noise: SyntheticNoise, random: Random): Photo {
  const model = syntheticModelOf(noise.kind);
  return { ...photo, data: model.add(photo, model.settle(noise, random), random) };
}

/** Returns the noisy version of a photo of a data set: its camera pair, or synthetic noise. Throws bad_data where a pair is missing. */
export function toNoisy(photo: NamedPhoto, noise: Noise, random: Random): Photo {
  if (isSynthetic(noise)) return addNoise(photo.clean, noise, random);
  if (photo.noisy === undefined) {
    throw new LabError(
      "bad_data",
      `the noise of pairs needs a noisy photo beside "${photo.name}", and there is a clean one only`,
    );
  }
  return photo.noisy;
}

/**
 * Makes a whole photo noisy: the one meaning of `noiseSeed`. The noise is decided by the seed, the photo's name and the
 * channels in which the photo is given, pixel by pixel and channel by channel, so bench, evaluation and denoising put the
 * same on the same photo in the same channels; grey is taken of a colour photo before, never after. A photo is brought to
 * the channels of the network first, but for a colour photo that a network for grey pictures denoises channel by channel.
 * Throws bad_data where a pair is missing.
 */
export function makeNoisy(
  photo: NamedPhoto,
  noise: Noise,
  noiseSeed: number,
): { readonly noisy: Photo; readonly noise: SettledNoise } {
  // Figures of old evaluations rest on this path of random numbers.
  const random = createRandom(noiseSeed, "evaluation", photo.name);
  const settled = settleNoise(noise, random);
  return { noisy: toNoisy(photo, settled, random), noise: settled };
}

/**
 * Computes how many values of noisy minus clean a noise model puts into each bin of a histogram, on average over all
 * draws; what lies beyond counts in the last bins. Null for noise without a formula, as that of camera pairs.
 */
export function expectHistogram(
  clean: Photo,
  noise: SettledNoise,
  { from255, binWidth255, counts }: MeasuredNoise["histogram"],
): readonly number[] | null {
  if (!isSynthetic(noise)) return null;
  const below = syntheticModelOf(noise.kind).expect?.(clean, noise);
  if (below === undefined) return null;
  const inner = Array.from({ length: counts.length - 1 }, (_, i) => below(from255 + (i + 1) * binWidth255));
  const edges = [0, ...inner, 1];
  return counts.map(
    (_, i) => clean.data.length * (at(edges, i + 1, "expectHistogram: edge") - at(edges, i, "expectHistogram: edge")),
  );
}

/**
 * Computes the standard deviation of the noise at each pixel of a noisy photo, on the 0..1 scale: `[H, W, 1]`. Throws
 * LabError `bad_config` for noise of which no network can be told.
 */
export function noiseMapOf(noise: SettledNoise, noisy: Photo): Photo {
  const data = isSynthetic(noise) ? syntheticModelOf(noise.kind).deviations?.(noisy, noise) : undefined;
  if (data === undefined) {
    const known = NOISE_KINDS.filter((kind) => isMappable(firstNoise(kind))).map((kind) => `"${kind}"`);
    throw new LabError(
      "bad_config",
      `a noise map needs noise whose strength is known: noise must be ${known.join(" or ")}, got "${noise.kind}"`,
    );
  }
  const { width, height } = noisy;
  return { width, height, channels: 1, data };
}
