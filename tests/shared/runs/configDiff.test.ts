import { describe, expect, it } from "vitest";

import { searchConfigSchema, trainConfigSchema } from "#shared/runs/config.ts";
import { diffConfigs, flattenSettings, listNonDefaults } from "#shared/runs/configDiff.ts";

describe("diffConfigs", () => {
  it("lists the settings in which configurations differ, each once, with every value", () => {
    const configs = [
      searchConfigSchema.parse({ seed: 1 }),
      searchConfigSchema.parse({ seed: 2, search: { epochs: 50 }, noise: { kind: "gaussian", sigma255: [10, 20] } }),
      searchConfigSchema.parse({ seed: 2 }),
    ];
    expect(diffConfigs(configs)).toEqual([
      { path: "seed", values: [1, 2, 2] },
      {
        path: "noise.sigma255",
        values: [
          [30, 50, 70],
          [10, 20],
          [30, 50, 70],
        ],
      },
      { path: "search.epochs", values: [100, 50, 100] },
    ]);
  });

  it("shows as missing what one kind of job does not have", () => {
    const found = diffConfigs([searchConfigSchema.parse({}), trainConfigSchema.parse({})]);
    expect(found).toContainEqual({ path: "search.epochs", values: [100, undefined] });
    expect(found).toContainEqual({ path: "network.filters", values: [undefined, 20] });
  });

  it("finds nothing between equal ones", () => {
    expect(diffConfigs([trainConfigSchema.parse({}), trainConfigSchema.parse({})])).toEqual([]);
  });
});

describe("listNonDefaults", () => {
  it("is empty for the defaults", () => {
    expect(listNonDefaults("train", trainConfigSchema.parse({}))).toEqual(new Map());
  });

  it("lists a group with another variant in full, for the other variant's defaults say nothing", () => {
    const settings = trainConfigSchema.parse({ training: { optimiser: { kind: "adam", learningRate: 0.05 } } });
    expect([...listNonDefaults("train", settings).keys()]).toEqual([
      "training.optimiser.kind",
      "training.optimiser.learningRate",
      "training.optimiser.beta1",
      "training.optimiser.beta2",
      "training.optimiser.weightDecay",
      "training.optimiser.outputRateFactor",
      "training.optimiser.biasRateFactor",
    ]);
  });

  it("gives back the same settings when laid over the defaults", () => {
    const settings = searchConfigSchema.parse({
      name: "x",
      space: { widthFactors: [1, 2] },
      noise: { kind: "paired" },
    });
    const rest = new Map(
      [...flattenSettings(settings)].filter(([path]) => !listNonDefaults("search", settings).has(path)),
    );
    const defaults = flattenSettings(searchConfigSchema.parse({}));
    for (const [path, value] of rest) expect(value).toEqual(defaults.get(path));
  });
});
