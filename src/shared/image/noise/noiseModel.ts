import type { z } from "zod";

import type { Random } from "#shared/random/random.ts";
import type { Photo } from "#shared/image/photo.ts";

/**
 * The model of each kind of noise by the kind's name. Each model's file declares itself here, so that the table of
 * models (noise.ts) is no complete one, and does not compile, while a model has no row in it.
 */
// eslint-disable-next-line @typescript-eslint/no-empty-object-type -- filled in by the models
export interface NoiseModels {}

/** A zod object with a `kind` and the parameters of a noise model. */
type NoiseShape = z.ZodObject<{ kind: z.ZodLiteral<string> }>;

/** What every kind of noise says of itself. `Settled` is a setting that leaves nothing to be drawn but the values. */
interface AnyNoise<Schema extends NoiseShape, Settled> {
  /** The setting: parameters with units in their names, ranges, descriptions. */
  readonly schema: Schema;
  /** Where a form begins. */
  readonly first: Readonly<z.infer<Schema>>;
  /** The parameter of which an evaluation takes several levels, one after the other; null for noise without one. */
  readonly level: Exclude<keyof z.infer<Schema>, "kind"> | null;
  /** Draws what a setting leaves open; draws nothing from a settled one. */
  settle(noise: Readonly<z.infer<Schema>>, random: Random): Settled;
  /** Names a setting in a form fit for file and recipe names. */
  describe(noise: Readonly<z.infer<Schema>>): string;
  /** The largest standard deviation that is to be expected of a setting, 0..255 scale. */
  largestSigma255(noise: Readonly<z.infer<Schema>>): number;
  /** Finds parameters that are fine alone and make no sense together. `path` leads to the noise in the settings. */
  contradictions(noise: Readonly<z.infer<Schema>>, path: readonly string[]): readonly NoiseContradiction[];
}

/** `path` leads to the setting to change. */
export interface NoiseContradiction {
  readonly path: readonly string[];
  readonly what: string;
}

/** Noise that is computed. */
export interface SyntheticModel<Schema extends NoiseShape, Settled = Readonly<z.infer<Schema>>> extends AnyNoise<
  Schema,
  Settled
> {
  readonly isSynthetic: true;
  /**
   * Returns a photo's values with noise, neither clipped nor rounded where a setting does not ask for it. The order of draws is
   * part of a run's meaning.
   */
  add(clean: Photo, noise: Settled, random: Random): Float32Array;
  /** Returns the share of noise values (0..255 scale) that lies below a bound on average over all draws; null without a formula. */
  readonly expect: ((clean: Photo, noise: Settled) => (bound255: number) => number) | null;
  /**
   * Computes the standard deviation at each pixel, `[H, W]` on the 0..1 scale, from the noisy photo alone; null for noise that
   * no network can be told of, because one number per pixel does not say what it is like.
   */
  readonly deviations: ((noisy: Photo, noise: Settled) => Float32Array) | null;
}

/** Noise that a camera brings along: nothing is drawn, and nobody knows how strong it is. */
export interface CameraModel<Schema extends NoiseShape, Settled = Readonly<z.infer<Schema>>> extends AnyNoise<
  Schema,
  Settled
> {
  readonly isSynthetic: false;
}

/** One kind of noise: synthetic, or a camera's. */
export type NoiseModel<Schema extends NoiseShape, Settled> =
  SyntheticModel<Schema, Settled> | CameraModel<Schema, Settled>;
