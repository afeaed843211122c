import { describe, expect, it } from "vitest";

import { gaussianBlur } from "#shared/image/gaussianBlur.ts";
import { addNoise } from "#shared/image/noise.ts";
import { measureNoiseBetween } from "#shared/image/noiseFigures.ts";
import type { Photo } from "#shared/image/photo.ts";
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

  it("tells how strong noise is at which brightness, and nothing of brightnesses that are hardly there", () => {
    const steps = makeGreyPhoto(64, 48, (x) => (x < 32 ? 0.1 : 0.6));
    const noisy = {
      ...steps,
      data: steps.data.map((value, i) => value + ((i % 2 === 0 ? 1 : -1) * (value < 0.5 ? 4 : 9)) / 255),
    };
    const { levels255 } = measureNoiseBetween(noisy, steps);
    expect(levels255.map((level) => (level === null ? null : Math.round(level * 100) / 100))).toEqual([
      4,
      null,
      9,
      null,
    ]);
  });

  it("tells how much alike neighbours are, in luma and in chroma", () => {
    const still: Photo = { width: 120, height: 120, channels: 3, data: new Float32Array(120 * 120 * 3) };
    const noisy = addNoise(still, { kind: "gaussian", sigma255: 30 }, createRandom(5));
    const white = measureNoiseBetween(noisy, still).correlation;
    expect(Math.abs(white.luma!)).toBeLessThan(0.03);
    expect(Math.abs(white.chroma!)).toBeLessThan(0.03);
    // A Gaussian's blur correlates neighbours by exp(-1 / (4 sigma^2)).
    const blurred = measureNoiseBetween(gaussianBlur(noisy, 1.5), still).correlation;
    expect(blurred.luma).toBeCloseTo(Math.exp(-1 / 9), 1);
    expect(blurred.chroma).toBeCloseTo(Math.exp(-1 / 9), 1);
    expect(measureNoiseBetween(clean, clean).correlation).toEqual({ luma: null, chroma: null });
  });

  it("has all values in the middle where there is no noise", () => {
    const { deviation255, histogram } = measureNoiseBetween(clean, clean);
    expect(deviation255).toBe(0);
    expect(histogram.counts[50]).toBe(64 * 48);
  });
});
