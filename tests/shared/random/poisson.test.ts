import { describe, expect, it } from "vitest";

import { createRandom } from "#shared/random/createRandom.ts";
import { drawPoisson } from "#shared/random/poisson.ts";

/** The probabilities of 0, 1, 2, ... by their recurrence. */
function probabilities(mean: number, count: number): number[] {
  const result = [Math.exp(-mean)];
  for (let k = 1; k < count; k++) result.push(((result[k - 1] ?? 0) * mean) / k);
  return result;
}

describe("drawPoisson", () => {
  it.each([0.3, 4, 9.9, 10.1, 40])("draws counts with their probabilities for mean %d", (mean) => {
    const draws = 40_000;
    const random = createRandom(5, "poisson", mean);
    const counts = new Array<number>(200).fill(0);
    for (let i = 0; i < draws; i++) {
      const count = drawPoisson(mean, random);
      counts[count] = (counts[count] ?? 0) + 1;
    }
    let chiSquare = 0;
    let bins = 0;
    probabilities(mean, 200).forEach((probability, count) => {
      const expected = draws * probability;
      if (expected < 10) return;
      chiSquare += ((counts[count] ?? 0) - expected) ** 2 / expected;
      bins++;
    });
    expect(bins).toBeGreaterThan(2);
    expect(chiSquare).toBeLessThan(bins + 4 * Math.sqrt(2 * bins));
  });

  it("has mean and variance equal to a large mean", () => {
    const random = createRandom(6, "poisson");
    const samples = Array.from({ length: 20_000 }, () => drawPoisson(1e6, random));
    const mean = samples.reduce((sum, value) => sum + value, 0) / samples.length;
    const variance = samples.reduce((sum, value) => sum + (value - mean) ** 2, 0) / samples.length;
    expect(Math.abs(mean - 1e6)).toBeLessThan((4 * 1000) / Math.sqrt(20_000));
    expect(Math.abs(variance / 1e6 - 1)).toBeLessThan(0.05);
  });

  it("draws nothing but zeros for mean 0", () => {
    const random = createRandom(7);
    expect(Array.from({ length: 100 }, () => drawPoisson(0, random)).every((count) => count === 0)).toBe(true);
  });
});
