import { describe, expect, it } from "vitest";

import { addNoise } from "#shared/image/noise.ts";
import { measureNoiseBetween } from "#shared/image/noiseFigures.ts";
import { createRandom } from "#shared/random/createRandom.ts";

import { makeGreyPhoto } from "#tests/helpers/makePhoto.ts";

const clean = makeGreyPhoto(64, 48, (x, y) => (x + y) / 200);

describe("measureNoiseBetween", () => {
  it("tells mean and deviation on the 0..255 scale", () => {
    const noisy = { ...clean, data: clean.data.map((value, i) => value + (i % 2 === 0 ? 12 : -8) / 255) };
    const { mean255, deviation255 } = measureNoiseBetween(noisy, clean);
    expect(mean255).toBeCloseTo(2, 3);
    expect(deviation255).toBeCloseTo(10, 3);
  });

  it("counts every value once, most of them around zero", () => {
    const noisy = addNoise(clean, { kind: "gaussian", sigma255: 30 }, createRandom(5));
    const { deviation255, histogram, psnrDb } = measureNoiseBetween(noisy, clean);
    const { counts, from255, binWidth255 } = histogram;
    expect(deviation255).toBeGreaterThan(28);
    expect(deviation255).toBeLessThan(32);
    expect(psnrDb).toBeGreaterThan(17);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(64 * 48);
    const within = noisy.data.filter((value, i) => {
      const difference = 255 * (value - (clean.data[i] ?? 0));
      return difference >= from255 + 50 * binWidth255 && difference < from255 + 51 * binWidth255;
    });
    expect(counts[50]).toBe(within.length);
    expect(from255 + 50.5 * binWidth255).toBeCloseTo(0, 6);
    expect(counts[50]).toBeGreaterThan(5 * (counts[10] ?? 0));
  });

  it("has all values in the middle where there is no noise", () => {
    const { deviation255, histogram } = measureNoiseBetween(clean, clean);
    expect(deviation255).toBe(0);
    expect(histogram.counts[50]).toBe(64 * 48);
  });
});
