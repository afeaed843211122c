import { describe, expect, it } from "vitest";

import { createRandom } from "#shared/random/createRandom.ts";
import { bestSoFar, expectBestOfDraws } from "#shared/statistics/bestOfDraws.ts";
import { kendallTau } from "#shared/statistics/kendallTau.ts";
import { comparePaired } from "#shared/statistics/pairedBootstrap.ts";
import { deviationOf, meanBandOf, meanOf } from "#shared/statistics/summary.ts";

describe("mean and band", () => {
  it("are those worked out by hand", () => {
    expect(meanOf([1, 2, 6])).toBe(3);
    expect(deviationOf([1, 2, 6])).toBeCloseTo(Math.sqrt((4 + 1 + 9) / 2), 12);
    expect(deviationOf([5])).toBe(0);
    expect(meanBandOf([5])).toEqual({ mean: 5, low: 5, high: 5 });
    expect(() => meanOf([])).toThrow("at least one number");
  });

  it.each([
    // Printed tables of Student's distribution, two-sided 95 %.
    [2, 12.706],
    [3, 4.303],
    [5, 2.776],
    [6, 2.571],
    [10, 2.262],
    [30, 2.045],
    [50, 2.0096],
    [121, 1.9799],
  ])("hold the printed point of Student's distribution for %i numbers", (count, point) => {
    const values = Array.from({ length: count }, (_, index) => (index % 3) + index / 7);
    const { mean, high, low } = meanBandOf(values);
    const standardError = deviationOf(values) / Math.sqrt(count);
    expect((high - mean) / standardError).toBeCloseTo(point, 2);
    expect(high - mean).toBeCloseTo(mean - low, 10);
  });

  it("cover the true mean in about 95 of 100 samples", () => {
    const random = createRandom(3, "coverage");
    const covered = Array.from({ length: 2000 }, () => {
      const { low, high } = meanBandOf(Array.from({ length: 8 }, () => 4 + random.gaussian()));
      return low <= 4 && high >= 4;
    });
    expect(covered.filter(Boolean).length / 2000).toBeCloseTo(0.95, 1);
  });
});

describe("expectBestOfDraws", () => {
  it("equals the mean over every draw there is", () => {
    const scores = [3, 1, 4, 1.5, 9, 2.6];
    for (let draws = 1; draws <= scores.length; draws++) {
      const bests = subsetsOf(scores, draws).map((subset) => Math.max(...subset));
      expect(expectBestOfDraws(scores, draws)).toBeCloseTo(meanOf(bests), 12);
    }
  });

  it("refuses more draws than entries", () => {
    expect(() => expectBestOfDraws([1, 2], 3)).toThrow("draws must be 1 to 2, got 3");
    expect(() => expectBestOfDraws([1, 2], 0)).toThrow("got 0");
  });

  it("comes with the best so far after each score", () => {
    expect(bestSoFar([2, 1, 5, 3])).toEqual([2, 2, 5, 5]);
  });
});

function subsetsOf(values: readonly number[], size: number): number[][] {
  if (size === 0) return [[]];
  return values.flatMap((value, index) => subsetsOf(values.slice(index + 1), size - 1).map((rest) => [value, ...rest]));
}

describe("comparePaired", () => {
  it("finds a small difference that all pairs share, however much they vary", () => {
    const random = createRandom(0, "pairs");
    const second = Array.from({ length: 40 }, () => 100 * random.gaussian());
    const first = second.map((value) => value + 1 + 0.5 * random.gaussian());
    const { difference, low, high, chance } = comparePaired(first, second, createRandom(0, "bootstrap"));
    expect(difference).toBeCloseTo(1, 0);
    expect(low).toBeGreaterThan(0.7);
    expect(high).toBeLessThan(1.3);
    expect(chance).toBe(0);
  });

  it("gives an interval as wide as the normal one of the same differences", () => {
    const random = createRandom(1, "pairs");
    const differences = Array.from({ length: 200 }, () => random.gaussian());
    const zeros = differences.map(() => 0);
    const { low, high } = comparePaired(differences, zeros, createRandom(1, "bootstrap"));
    expect(high - low).toBeCloseTo((2 * 1.96 * deviationOf(differences)) / Math.sqrt(200), 1);
  });

  it("sees no difference between a list and its mirror", () => {
    const { difference, chance } = comparePaired([1, 2, 3, 4], [4, 3, 2, 1], createRandom(2, "bootstrap"));
    expect(difference).toBe(0);
    expect(chance).toBeGreaterThan(0.4);
    expect(() => comparePaired([1], [1, 2], createRandom(0))).toThrow("the same length above 0, got 1 and 2");
  });
});

describe("kendallTau", () => {
  it("equals the published example with ties", () => {
    // From the documentation of scipy.stats.kendalltau.
    expect(kendallTau([12, 2, 1, 12, 2], [1, 4, 7, 1, 0])).toBeCloseTo(-0.47140452079103173, 14);
  });

  it("is 1 for one order, -1 for the reverse, and counts one swap as two thirds", () => {
    expect(kendallTau([1, 2, 3], [10, 20, 30])).toBe(1);
    expect(kendallTau([1, 2, 3], [3, 2, 1])).toBe(-1);
    expect(kendallTau([1, 2, 3, 4], [1, 3, 2, 4])).toBeCloseTo(2 / 3, 14);
  });

  it("is nothing where one list is constant", () => {
    expect(kendallTau([1, 1], [1, 2])).toBeNull();
    expect(() => kendallTau([1], [])).toThrow("got 1 and 0");
  });
});
