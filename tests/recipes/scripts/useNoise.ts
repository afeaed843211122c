import {
  addNoise,
  describeNoise,
  expectHistogram,
  firstNoise,
  isSynthetic,
  largestSigma255,
  NOISE_KINDS,
  noiseMapOf,
  settleNoise,
} from "#shared/image/noise.ts";
import { measureNoiseBetween } from "#shared/image/noiseFigures.ts";
import type { Photo } from "#shared/image/photo.ts";
import { createRandom } from "#shared/random/createRandom.ts";
import { trainConfigSchema } from "#shared/runs/config.ts";
import { findContradictions } from "#shared/runs/contradictions.ts";

/** Adds the toy to a flat photo and says all that the table says of it. */
const kind = NOISE_KINDS.find((each: string) => each === "uniform");
if (kind === undefined) throw new Error("toy: the kind must be one of the table");
const config = trainConfigSchema.parse({ noise: firstNoise(kind) });
const { noise } = config;
if (!isSynthetic(noise)) throw new Error("toy: the noise must be computed");
const clean: Photo = { width: 200, height: 200, channels: 1, data: new Float32Array(200 * 200).fill(0.9) };
const noisy = addNoise(clean, noise, createRandom(1));
const { histogram, mean255, deviation255 } = measureNoiseBetween(noisy, clean);
const settled = settleNoise(noise, createRandom(2));
const expected = expectHistogram(clean, settled, histogram);
if (expected === null) throw new Error("toy: the noise must say what to expect");
const surprises = expected.map((value, i) => Math.abs(histogram.counts[i]! - value) / Math.sqrt(Math.max(value, 1)));
const said = {
  kinds: NOISE_KINDS,
  noise,
  name: describeNoise(noise),
  contradictions: findContradictions(config),
  mean255,
  deviation255,
  largest: Math.max(...noisy.data),
  largestSigma255: largestSigma255(noise),
  mapped255: 255 * noiseMapOf(settled, noisy).data[0]!,
  largestSurprise: Math.max(...surprises),
};
process.stdout.write(`${JSON.stringify(said)}\n`);
