import { z } from "zod";

import { drawPoisson } from "#shared/random/poisson.ts";

import { toGrey } from "#shared/image/grey.ts";
import type { Photo } from "#shared/image/photo.ts";
import { normalBelow } from "./gaussian.ts";
import type { SyntheticModel } from "./noiseModel.ts";

const schema = z.strictObject({
  kind: z.literal("poisson_gaussian"),
  gain: z
    .number()
    .positive()
    .describe("Signal-dependent part: variance per unit of signal, both on the 0..1 scale; typical: 0.01."),
  sigma255: z.number().min(0).max(255).describe("Constant part, 0..255 scale; typical: 5."),
});

/** Grey levels that a picture's values are gathered in; finer ones change nothing that a histogram shows. */
const LEVELS = 256;
/** From this mean on, a Poisson count is as good as normal. */
const NORMAL_FROM = 100;
/** Counts further from their mean than this many deviations are too rare to be seen. */
const REACH = 7;

/**
 * A camera's noise: `gain * Poisson(x / gain) + sigma * normal`, so the variance at signal x is `gain * x + sigma^2` on the
 * 0..1 scale; true Poisson counts keep the skew that dark regions have in cameras. Its histogram is the mixture over the
 * picture's values: Poisson counts exactly where they are small, a normal of the same variance where they are large.
 */
export const poissonGaussianNoise: SyntheticModel<typeof schema> = {
  isSynthetic: true,
  schema,
  first: { kind: "poisson_gaussian", gain: 0.01, sigma255: 5 },
  level: "sigma255",
  settle: (noise) => noise,
  describe: ({ gain, sigma255 }) => `poisson-gaussian-g${gain}-s${sigma255}`,
  // At full signal the variance is the gain.
  largestSigma255: ({ gain, sigma255 }) => Math.hypot(255 * Math.sqrt(gain), sigma255),
  contradictions: () => [],
  add: ({ data }, { gain, sigma255 }, random) => {
    const sigma = sigma255 / 255;
    return data.map((value) => gain * drawPoisson(Math.max(value, 0) / gain, random) + sigma * random.gaussian());
  },
  expect: (clean, { gain, sigma255 }) => {
    const sigma = sigma255 / 255;
    const levels = countLevels(clean).map(({ signal, share }) => ({ share, parts: spread(signal, gain) }));
    return (bound255) => {
      let below = 0;
      for (const { share, parts } of levels) {
        for (const part of parts) {
          below += share * part.share * normalBelow(bound255 / 255 - part.offset, Math.hypot(sigma, part.deviation));
        }
      }
      return below;
    };
  },
  // Who denoises has no clean photo: the signal is taken from the noisy one.
  deviations: (noisy, { gain, sigma255 }) => {
    const variance = (sigma255 / 255) ** 2;
    const signalOf = (value: number) => Math.min(1, Math.max(0, value));
    return toGrey(noisy).data.map((value) => Math.sqrt(gain * signalOf(value) + variance));
  },
};

/** The signal-dependent part at one signal as a few normals: one for each Poisson count, or a single one. */
interface Part {
  readonly share: number;
  readonly offset: number;
  readonly deviation: number;
}

function spread(signal: number, gain: number): readonly Part[] {
  const mean = Math.max(signal, 0) / gain;
  if (mean >= NORMAL_FROM) return [{ share: 1, offset: 0, deviation: gain * Math.sqrt(mean) }];
  const parts: Part[] = [];
  let share = Math.exp(-mean);
  for (let count = 0; count <= mean + REACH * Math.sqrt(mean) + REACH; count++) {
    parts.push({ share, offset: gain * count - Math.max(signal, 0), deviation: 0 });
    share *= mean / (count + 1);
  }
  return parts;
}

/** Gathers a picture's values in levels; each stands for the mean of its values. */
function countLevels({ data }: Photo): readonly { readonly signal: number; readonly share: number }[] {
  const sums = new Float64Array(LEVELS);
  const numbers = new Float64Array(LEVELS);
  for (const value of data) {
    const level = Math.min(LEVELS - 1, Math.max(0, Math.floor(value * LEVELS)));
    sums[level] = (sums[level] ?? NaN) + value;
    numbers[level] = (numbers[level] ?? NaN) + 1;
  }
  return [...numbers].flatMap((number, level) =>
    number === 0 ? [] : [{ signal: (sums[level] ?? NaN) / number, share: number / data.length }],
  );
}

declare module "./noiseModel.ts" {
  interface NoiseModels {
    poisson_gaussian: typeof poissonGaussianNoise;
  }
}
