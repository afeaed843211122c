import { z } from "zod";

import { at } from "#shared/at.ts";
import type { Random } from "#shared/random/random.ts";

import type { SyntheticModel } from "./noiseModel.ts";
import { describeRange, drawFrom, findRangeContradictions, rangeSchema, writtenRangeSchema } from "./range.ts";

const sigma = z.number().min(0).max(255);

const schema = z.strictObject({
  kind: z.literal("gaussian"),
  sigma255: z
    .union([sigma, z.array(sigma).min(1), rangeSchema(sigma), writtenRangeSchema(sigma)])
    .describe(
      "One level (30), several to pick from (30, 50, 70), or a range (0..75), drawn per patch, 0..255 scale; each validation photo keeps the level that seed and name give it.",
    ),
});

type Sigma255 = z.infer<typeof schema>["sigma255"];
interface Settled {
  readonly kind: "gaussian";
  readonly sigma255: number;
}

/** Normal noise of one sigma everywhere, drawn once per photo or patch from a list or a range. */
export const gaussianNoise: SyntheticModel<typeof schema, Settled> = {
  isSynthetic: true,
  schema,
  first: { kind: "gaussian", sigma255: 30 },
  level: "sigma255",
  settle: ({ kind, sigma255 }, random) => ({ kind, sigma255: drawSigma255(sigma255, random) }),
  describe: ({ sigma255 }) => `gaussian-${describeSigma(sigma255)}`,
  largestSigma255: ({ sigma255 }) => {
    if (typeof sigma255 === "number") return sigma255;
    return isList(sigma255) ? Math.max(...sigma255) : sigma255.to;
  },
  contradictions: ({ sigma255 }, path) => {
    return isList(sigma255) ? [] : findRangeContradictions(sigma255, [...path, "sigma255"]);
  },
  add: ({ data }, noise, random) => {
    const deviation = noise.sigma255 / 255;
    const noisy = new Float32Array(data.length);
    for (let i = 0; i < data.length; i++) noisy[i] = (data[i] ?? NaN) + deviation * random.gaussian();
    return noisy;
  },
  expect: (_, { sigma255 }) => {
    const deviation = sigma255 / 255;
    return (bound255) => normalBelow(bound255 / 255, deviation);
  },
  deviations: ({ width, height }, { sigma255 }) => new Float32Array(width * height).fill(sigma255 / 255),
};

/** The number itself, a list's member, or a uniform number of a range. */
function drawSigma255(sigma255: Sigma255, random: Random): number {
  return isList(sigma255)
    ? at(sigma255, random.integer(sigma255.length), "noise: sigma")
    : drawFrom(sigma255, random.uniform);
}

function describeSigma(sigma255: Sigma255): string {
  return isList(sigma255) ? sigma255.join(",") : describeRange(sigma255);
}

function isList(sigma255: Sigma255): sigma255 is number[] {
  return Array.isArray(sigma255);
}

/** Computes the share of a normal distribution around 0 that lies below a bound; without a spread all of it lies at 0. */
export function normalBelow(bound: number, deviation: number): number {
  if (deviation === 0) return bound > 0 ? 1 : 0;
  return 0.5 * (1 + errorFunction(bound / (deviation * Math.SQRT2)));
}

/** Abramowitz and Stegun 7.1.26, within 1.5e-7. */
function errorFunction(x: number): number {
  const t = 1 / (1 + 0.3275911 * Math.abs(x));
  const series = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  return Math.sign(x) * (1 - series * Math.exp(-x * x));
}

declare module "./noiseModel.ts" {
  interface NoiseModels {
    gaussian: typeof gaussianNoise;
  }
}
