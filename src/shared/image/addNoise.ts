import { at } from "#shared/at.ts";
import { LabError } from "#shared/labError.ts";
import { drawPoisson } from "#shared/random/poisson.ts";
import { createRandom } from "#shared/random/createRandom.ts";
import type { Random } from "#shared/random/random.ts";
import type { Noise } from "./noise.ts";
import type { NamedPhoto, Photo } from "./photo.ts";

type GaussianNoise = Extract<Noise, { kind: "gaussian" }>;
type PoissonGaussianNoise = Extract<Noise, { kind: "poisson_gaussian" }>;

/** Noise that is computed, unlike the noise a camera pair brings along. */
export type SyntheticNoise = GaussianNoise | PoissonGaussianNoise;

/** Noise of which nothing is left to be drawn but its values. */
export type SettledNoise = { readonly kind: "gaussian"; readonly sigma255: number } | Exclude<Noise, GaussianNoise>;

/**
 * Adds synthetic noise to a photo; values are never clipped or rounded. Gaussian: one sigma per call, drawn from the
 * list or range. Poisson-Gaussian: `gain * Poisson(x / gain) + sigma * normal`, so the variance at signal x is
 * `gain * x + sigma^2` on the 0..1 scale; true Poisson counts keep the skew that dark regions have in cameras.
 */
export function addNoise(photo: Photo, noise: SyntheticNoise, random: Random): Photo {
  const data =
    noise.kind === "gaussian"
      ? addGaussian(photo.data, drawSigma255(noise.sigma255, random) / 255, random)
      : addPoissonGaussian(photo.data, noise, random);
  return { ...photo, data };
}

/** Returns the noisy version of a photo of a data set: its camera pair, or synthetic noise. Throws bad_data where a pair is missing. */
export function toNoisy(photo: NamedPhoto, noise: Noise, random: Random): Photo {
  if (noise.kind !== "paired") return addNoise(photo.clean, noise, random);
  if (photo.noisy === undefined) {
    throw new LabError(
      "bad_data",
      `toNoisy: noise "paired" needs a noisy photo beside "${photo.name}", got a clean one only`,
    );
  }
  return photo.noisy;
}

/**
 * Makes a whole photo noisy: the one meaning of `noiseSeed`. The noise depends on the seed and the photo's name alone, so
 * bench, evaluation and denoising put the same on the same photo. Throws bad_data where a pair is missing.
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

/** Draws one sigma (0..255 scale): the number itself, a list's member, or a uniform number of a range. */
export function drawSigma255(sigma255: GaussianNoise["sigma255"], random: Random): number {
  if (typeof sigma255 === "number") return sigma255;
  if (isList(sigma255)) return at(sigma255, random.integer(sigma255.length), "noise: sigma");
  return sigma255.from + random.uniform() * (sigma255.to - sigma255.from);
}

/** Draws what a setting leaves open, a Gaussian's one sigma; with the result, noise is the same as with the setting itself. */
export function settleNoise(noise: Noise, random: Random): SettledNoise {
  return noise.kind === "gaussian" ? { kind: "gaussian", sigma255: drawSigma255(noise.sigma255, random) } : noise;
}

/** Names a noise model in a form fit for file and recipe names, e.g. `gaussian-30,50,70` or `poisson-gaussian-g0.01-s5`. */
export function describeNoise(noise: Noise): string {
  switch (noise.kind) {
    case "gaussian":
      return `gaussian-${describeSigma(noise.sigma255)}`;
    case "poisson_gaussian":
      return `poisson-gaussian-g${noise.gain}-s${noise.sigma255}`;
    case "paired":
      return "paired";
  }
}

function describeSigma(sigma255: GaussianNoise["sigma255"]): string {
  if (typeof sigma255 === "number") return String(sigma255);
  return isList(sigma255) ? sigma255.join(",") : `${sigma255.from}..${sigma255.to}`;
}

function isList(sigma255: GaussianNoise["sigma255"]): sigma255 is number[] {
  return Array.isArray(sigma255);
}

function addGaussian(clean: Float32Array, sigma: number, random: Random): Float32Array {
  return clean.map((value) => value + sigma * random.gaussian());
}

function addPoissonGaussian(clean: Float32Array, noise: PoissonGaussianNoise, random: Random): Float32Array {
  const { gain } = noise;
  const sigma = noise.sigma255 / 255;
  return clean.map((value) => gain * drawPoisson(Math.max(value, 0) / gain, random) + sigma * random.gaussian());
}
