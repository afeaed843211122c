import { describe, expect, it } from "vitest";

import { toGrey } from "#shared/image/grey.ts";
import { SAMPLE_SET, generateSamplePhoto } from "#shared/image/sampleSet.ts";

/** Mean squared difference of pixels `distance` apart in a row, and its kurtosis. */
function measureSteps(distance: number): { energy: number; kurtosis: number } {
  const steps = [0, 1, 2, 3, 4, 5].flatMap((index) => {
    const { width, data } = toGrey(generateSamplePhoto(index, SAMPLE_SET));
    return [...data].flatMap((value, i) => ((i % width) + distance < width ? [(data[i + distance] ?? 0) - value] : []));
  });
  const energy = steps.reduce((sum, step) => sum + step ** 2, 0) / steps.length;
  return { energy, kurtosis: steps.reduce((sum, step) => sum + step ** 4, 0) / steps.length / energy ** 2 };
}

describe("generateSamplePhoto", () => {
  it("draws the same picture for the same seed and index, others for others", () => {
    const options = { width: 40, height: 32, seed: 5 };
    const photo = generateSamplePhoto(2, options);
    expect(generateSamplePhoto(2, options)).toEqual(photo);
    expect(generateSamplePhoto(3, options)).not.toEqual(photo);
    expect(generateSamplePhoto(2, { ...options, seed: 6 })).not.toEqual(photo);
  });

  it("draws colour pictures of the asked size with values within 0..1", () => {
    const photo = generateSamplePhoto(0, { width: 70, height: 50, seed: 1 });
    expect([photo.width, photo.height, photo.channels, photo.data.length]).toEqual([70, 50, 3, 70 * 50 * 3]);
    expect(photo.data.every((value) => value >= 0 && value <= 1)).toBe(true);
  });

  it("has the step statistics of photos: energy growing with distance, and far more large steps than a Gaussian", () => {
    const near = measureSteps(1);
    const far = measureSteps(8);
    expect(Math.sqrt(near.energy)).toBeGreaterThan(0.03);
    expect(Math.sqrt(near.energy)).toBeLessThan(0.1);
    expect(far.energy / near.energy).toBeGreaterThan(3);
    expect(far.energy / near.energy).toBeLessThan(20);
    expect(near.kurtosis).toBeGreaterThan(8);
  });
});
