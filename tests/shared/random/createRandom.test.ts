import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { createRandom, permutation } from "#shared/random/createRandom.ts";

type Path = (string | number)[];

const draw = <T>(count: number, next: () => T): T[] => Array.from({ length: count }, next);
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
const moment = (values: readonly number[], power: number): number => mean(values.map((value) => value ** power));

describe("createRandom", () => {
  it("gives the same numbers for the same seed and path", () => {
    const first = createRandom(7, "batch", 3);
    const second = createRandom(7, "batch", 3);
    expect(draw(50, first.uniform)).toEqual(draw(50, second.uniform));
    expect(draw(51, first.gaussian)).toEqual(draw(51, second.gaussian));
  });

  it("keeps giving the numbers that stored runs were made with", () => {
    expect(draw(3, createRandom(0).uniform)).toEqual([0.02692105178721249, 0.515046012820676, 0.47320068208500743]);
    expect(draw(3, createRandom(42, "weights", "item", 9).uniform)).toEqual([
      0.5462199889589101, 0.5885710271541029, 0.9453374950680882,
    ]);
  });

  it.each<[Path, Path]>([
    [[1], [2]],
    [["a"], ["b"]],
    [["a", "b"], ["ab"]],
    [[2], ["2"]],
    [
      ["batch", 1],
      ["batch", 2],
    ],
  ])("gives unrelated numbers for the paths %j and %j", (one, other) => {
    const first = createRandom(1, ...one);
    const second = createRandom(1, ...other);
    const products = draw(4000, () => 12 * (first.uniform() - 0.5) * (second.uniform() - 0.5));
    expect(Math.abs(mean(products))).toBeLessThan(4 / Math.sqrt(4000));
  });

  it("gives other numbers for another seed", () => {
    expect(createRandom(1, "a").uniform()).not.toBe(createRandom(2, "a").uniform());
  });

  it("spreads uniform numbers evenly over 0 to 1", () => {
    const counts = new Array<number>(20).fill(0);
    const random = createRandom(1, "uniform");
    for (let i = 0; i < 100_000; i++) {
      const bin = Math.floor(random.uniform() * 20);
      counts[bin] = (counts[bin] ?? 0) + 1;
    }
    const chiSquare = counts.reduce((sum, count) => sum + (count - 5000) ** 2 / 5000, 0);
    expect(counts).toHaveLength(20);
    expect(chiSquare).toBeLessThan(43.8); // 19 degrees of freedom, 99.9 %
  });

  it("spreads the first numbers of neighbouring paths evenly too", () => {
    const firsts = draw(10_000, () => 0).map((_, index) => createRandom(0, "item", index).uniform());
    expect(mean(firsts)).toBeCloseTo(0.5, 1.5);
    expect(moment(firsts, 2) - mean(firsts) ** 2).toBeCloseTo(1 / 12, 2);
    expect(new Set(firsts).size).toBeGreaterThan(9_990);
  });

  it("gives normal samples with the moments of the standard normal distribution", () => {
    const samples = draw(200_000, createRandom(3, "gaussian").gaussian);
    expect(mean(samples)).toBeCloseTo(0, 1.9);
    expect(moment(samples, 2)).toBeCloseTo(1, 1.7);
    expect(moment(samples, 3)).toBeCloseTo(0, 1.3);
    expect(moment(samples, 4)).toBeCloseTo(3, 0.9);
  });

  it("gives each integer below the count and no other", () => {
    const random = createRandom(4);
    expect(new Set(draw(500, () => random.integer(7)))).toEqual(new Set([0, 1, 2, 3, 4, 5, 6]));
    expect(random.integer(1)).toBe(0);
  });
});

describe("permutation", () => {
  it("holds every index once", () => {
    fc.assert(
      fc.property(fc.nat(200), fc.nat(), (count, seed) => {
        const sorted = [...permutation(count, createRandom(seed))].sort((a, b) => a - b);
        expect(sorted).toEqual(draw(count, () => 0).map((_, index) => index));
      }),
    );
  });

  it("gives each of the six orders of three about equally often", () => {
    const counts = new Map<string, number>();
    for (let seed = 0; seed < 6000; seed++) {
      const order = permutation(3, createRandom(seed)).join();
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(counts.size).toBe(6);
    for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(130);
  });
});
