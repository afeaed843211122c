import { describe, expect, it } from "vitest";

import { addNoise, settleNoise } from "#shared/image/addNoise.ts";
import { expectHistogram } from "#shared/image/expectedNoise.ts";
import { measureNoiseBetween } from "#shared/image/noiseFigures.ts";
import type { Photo } from "#shared/image/photo.ts";
import { createRandom } from "#shared/random/createRandom.ts";

const SIDE = 256;

/** Grows from dark to light, so that every signal is there. */
const RAMP: Photo = {
  width: SIDE,
  height: SIDE,
  channels: 1,
  data: Float32Array.from({ length: SIDE * SIDE }, (_, i) => (i % SIDE) / (SIDE - 1)),
};

/** The largest distance of drawn from expected counts, in standard deviations of a count. */
function largestSurprise(counts: readonly number[], expected: readonly number[]): number {
  return Math.max(...counts.map((count, i) => Math.abs(count - expected[i]!) / Math.sqrt(Math.max(expected[i]!, 1))));
}

describe("expectHistogram", () => {
  const settings = [
    ["Gaussian noise", { kind: "gaussian", sigma255: 30 }],
    ["Poisson-Gaussian noise of small counts", { kind: "poisson_gaussian", gain: 0.05, sigma255: 4 }],
    ["Poisson-Gaussian noise of large counts", { kind: "poisson_gaussian", gain: 0.002, sigma255: 10 }],
  ] as const;

  it.each(settings)("agrees with what is drawn for %s", (_, noise) => {
    const { histogram } = measureNoiseBetween(addNoise(RAMP, noise, createRandom(3, "noise")), RAMP);
    const expected = expectHistogram(RAMP, noise, histogram);
    expect(expected.reduce((sum, value) => sum + value, 0)).toBeCloseTo(SIDE * SIDE, 3);
    // Of 101 bins one in a few draws is off by 3 deviations.
    expect(largestSurprise(histogram.counts, expected)).toBeLessThan(4.5);
  });

  it("is far off for a sigma that is not the one that was drawn", () => {
    const { histogram } = measureNoiseBetween(addNoise(RAMP, settings[0][1], createRandom(3, "noise")), RAMP);
    const expected = expectHistogram(RAMP, { kind: "gaussian", sigma255: 40 }, histogram);
    expect(largestSurprise(histogram.counts, expected)).toBeGreaterThan(10);
  });

  it("puts all values into the middle bin where there is no noise", () => {
    const { histogram } = measureNoiseBetween(RAMP, RAMP);
    const expected = expectHistogram(RAMP, { kind: "gaussian", sigma255: 0 }, histogram);
    expect(expected).toEqual(histogram.counts);
  });
});

describe("settleNoise", () => {
  it("leaves the values of the noise as the setting itself gives them", () => {
    for (const sigma255 of [[30, 50, 70], { from: 5, to: 60 }, 25]) {
      const noise = { kind: "gaussian", sigma255 } as const;
      const random = createRandom(9, "settle");
      const settled = settleNoise(noise, random);
      expect(settled).toEqual({ kind: "gaussian", sigma255: expect.any(Number) });
      if (settled.kind === "paired") throw new Error("a Gaussian cannot become a pair");
      expect(addNoise(RAMP, settled, random).data).toEqual(addNoise(RAMP, noise, createRandom(9, "settle")).data);
    }
  });
});
