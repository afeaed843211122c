import { describe, expect, it } from "vitest";

import { planStudy } from "#main/lab/studies/planStudy.ts";

const STUDY = `
name: which
seeds: [3, 5]
base:
  noise: { kind: gaussian, sigma255: 30 }
  space: { layers: 2, nodes: 2, filters: 6 }
  search: { epochs: 4, warmupEpochs: 1 }
  training: { steps: 30 }
axes:
  space:
    narrow: {}
    wide: { space: { filters: 12 } }
  strategy:
    first:
    random:
      search: { strategy: { kind: random, candidates: 7 }, estimator: { kind: parameters } }
ends: training
`;

describe("the plan of a study", () => {
  it("has a cell for each combination of the axes' values and each seed, with the settings of all of them", () => {
    const { cells, arms } = planStudy(STUDY, "study.yaml", false);
    expect(arms.map(({ name }) => name)).toEqual(["narrow, first", "narrow, random", "wide, first", "wide, random"]);
    expect(cells.map(({ key }) => key).slice(-2)).toEqual(["wide, random / seed 3", "wide, random / seed 5"]);
    expect(cells.at(-1)).toMatchObject({
      seed: 5,
      search: { seed: 5, space: { filters: 12, layers: 2 }, search: { strategy: { kind: "random", candidates: 7 } } },
      training: { seed: 5, training: { steps: 30 }, network: { imageChannels: 1 } },
      evaluation: null,
    });
  });

  it("counts seeds from 0 on where it is told how many", () => {
    expect(planStudy("name: a\nseeds: 3", "study.yaml", false).cells.map(({ seed }) => seed)).toEqual([0, 1, 2]);
  });

  it("gets a random control for each cell where it is asked for", () => {
    const { cells } = planStudy(STUDY, "study.yaml", true);
    expect(cells).toHaveLength(16);
    expect(cells.at(-1)).toMatchObject({
      key: "wide, random (random control) / seed 5",
      search: null,
      controlOf: "wide, random / seed 5",
    });
  });

  it.each([
    [
      "an axis that there is not",
      "name: a\nseeds: 1\naxes:\n  stratgy: { a: {} }",
      "study.yaml line 4: unknown axis stratgy; did you mean strategy?",
    ],
    ["a key that there is not", "name: a\nseed: 1", "study.yaml line 2: unknown key seed; did you mean seeds?"],
    ["no seeds at all", "name: a\nseeds: 0", "study.yaml line 2: seeds must be at least 1, got 0"],
    ["an empty list of seeds", "name: a\nseeds: []", "study.yaml line 2: seeds must be at least 1 entry long, got []"],
    ["a seed twice", "name: a\nseeds: [1, 1]", "study.yaml line 2: seeds must name each seed once, got [1,1]"],
    ["a text that is no mapping", "just words", 'study.yaml: must be a mapping of settings, got "just words"'],
    ["broken YAML", "name: [a", "study.yaml line 1"],
    [
      "a setting of an axis that there is not, with its line",
      "name: a\nseeds: 1\naxes:\n  budget:\n    small:\n      search: { epoch: 3 }",
      "study.yaml line 6: unknown key search.epoch; did you mean search.epochs? (in small)",
    ],
    [
      "a budget of zero",
      "name: a\nseeds: 1\naxes:\n  budget:\n    none: { search: { epochs: 0 } }",
      "study.yaml line 5: search.epochs must be more than 0, got 0 (in none)",
    ],
    [
      "a strategy that its estimator does not go with",
      "name: a\nseeds: 1\naxes:\n  strategy:\n    random: { search: { strategy: { kind: random } } }",
      "(in random)",
    ],
  ])("refuses %s", (_, text, message) => {
    expect(() => planStudy(text, "study.yaml", false)).toThrow(message);
  });

  it("refuses a control without a training", () => {
    const text = "name: a\nseeds: 1\ncontrol: true";
    expect(() => planStudy(text, "study.yaml", false)).toThrow("ends must be training or evaluation");
  });
});
