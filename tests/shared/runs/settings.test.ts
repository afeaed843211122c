import { describe, expect, it } from "vitest";

import { SETTINGS_KINDS, SETTINGS_SCHEMAS, listSettings } from "#shared/runs/settings.ts";

function leavesOf(value: unknown, path: readonly string[] = []): string[] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return [path.join(".")];
  return Object.entries(value).flatMap(([key, child]) => leavesOf(child, [...path, key]));
}

describe("listSettings", () => {
  it.each(SETTINGS_KINDS)("names every default of %s and that it is a setting of it", (kind) => {
    const settings = listSettings();
    for (const path of leavesOf(SETTINGS_SCHEMAS[kind].parse({}))) {
      expect(settings.get(path)?.kinds, path).toContain(kind);
    }
  });

  it("names settings of every variant, also those that are not the default", () => {
    expect([...listSettings().keys()]).toEqual(
      expect.arrayContaining(["noise.gain", "training.optimiser.beta1", "training.schedule.minLearningRate"]),
    );
  });

  it("tells free text from choices and numbers", () => {
    const settings = listSettings();
    const texts = [...settings.values()].filter(({ isText }) => isText).map(({ path }) => path);
    expect(texts).toEqual(["name", "data.dataset", "evaluation.data.dataset"]);
  });

  it("marks the names that pick a variant", () => {
    const settings = listSettings();
    const picking = [...settings.values()].filter(({ picksVariant }) => picksVariant).map(({ path }) => path);
    expect(picking).toEqual([
      "data.test.kind",
      "noise.kind",
      "search.strategy.kind",
      "search.estimator.kind",
      "search.candidates.kind",
      "search.stabilisers.opWeights.kind",
      "search.stabilisers.auxiliarySkip.kind",
      "search.stabilisers.perturbation.kind",
      "search.stabilisers.choice.kind",
      "search.cost.kind",
      "search.stopping.kind",
      "training.optimiser.kind",
      "training.schedule.kind",
      "training.earlyStop.kind",
      "evaluation.noise.kind",
    ]);
  });

  it("shares a setting that several jobs have", () => {
    expect(listSettings().get("seed")?.kinds).toEqual(["search", "train"]);
    expect(listSettings().get("space.layers")?.kinds).toEqual(["search"]);
  });
});
