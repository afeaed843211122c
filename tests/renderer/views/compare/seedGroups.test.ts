import { describe, expect, it } from "vitest";

import { groupBySeed, overSeeds } from "#renderer/views/compare/seedGroups.ts";

import { buildItem, buildModel } from "./compared.ts";

describe("trainings that differ in nothing but their seed", () => {
  const items = ["A", "B", "C", "D"].map((id) => buildItem(buildModel(id)));
  const config = (name: string, seed: number, steps: number) => ({ name, seed, training: { steps } });
  const configs = new Map([
    [items[0]!.key, config("first", 1, 10)],
    [items[1]!.key, config("second", 2, 10)],
    [items[2]!.key, config("third", 3, 20)],
  ]);

  it("are one group, and others none", () => {
    expect(groupBySeed(items, configs)).toEqual([{ name: "Network A", keys: ["model:A", "model:B"] }]);
    const other = [items[0]!, { ...items[1]!, hash: "another" }];
    expect(groupBySeed(other, configs)).toEqual([]);
  });

  it("have a mean and a standard deviation, where two of them were measured", () => {
    const group = { name: "", keys: ["model:A", "model:B"] as const };
    // By hand: 28 and 30 are 1 from their mean, and the variance of a sample of two is 2.
    expect(overSeeds({ values: [28, 30, 99, null] }, group, items)).toEqual({
      count: 2,
      mean: 29,
      deviation: Math.SQRT2,
    });
    expect(overSeeds({ values: [28, null, 99, 99] }, group, items)).toBeNull();
  });
});
