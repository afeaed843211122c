import { describe, expect, it } from "vitest";

import { listSettings, SETTINGS_KINDS } from "#shared/runs/settings.ts";
import { singlesLayer } from "#main/config/layerSources.ts";
import { resolveConfig } from "#main/config/resolveConfig.ts";
import { readFieldText, toFieldText } from "#renderer/components/settingsForm/fieldText.ts";
import { buildFormGroups, listFollowingChanges, settingAt } from "#renderer/components/settingsForm/formFields.ts";
import { toSettingHelp } from "#renderer/components/settingsForm/settingNames.ts";

const fieldsOf = (kind: (typeof SETTINGS_KINDS)[number]) => buildFormGroups(kind).flatMap(({ fields }) => fields);

describe("the form of settings", () => {
  it.each(SETTINGS_KINDS)("has a field for every setting of a %s, and no other", (kind) => {
    // A range of sigma is one field of the form, and several settings.
    const settings = [...listSettings().values()].filter(({ kinds }) => kinds.includes(kind)).map(({ path }) => path);
    expect(new Set(fieldsOf(kind).map(({ path }) => path))).toEqual(new Set(settings));
  });

  it.each(SETTINGS_KINDS)("says of every setting of a %s what it is for", (kind) => {
    const unexplained = fieldsOf(kind).filter((field) => toSettingHelp(field) === null);
    expect(unexplained.map(({ path }) => path)).toEqual([]);
  });

  it("groups settings by the object that they stand in, those of none first", () => {
    expect(buildFormGroups("search").map(({ path }) => path)).toEqual([
      "",
      "data",
      "data.test",
      "augmentation",
      "noise",
      "space",
      "search",
      "search.strategy",
      "search.estimator",
      "search.candidates",
      "search.weights",
      "search.arch",
      "search.stabilisers",
      "search.stabilisers.opWeights",
      "search.stabilisers.auxiliarySkip",
      "search.stabilisers.perturbation",
      "search.stabilisers.choice",
      "search.cost",
      "search.stopping",
    ]);
  });

  it("offers the variants as one choice and ties each variant's settings to it", () => {
    const noise = fieldsOf("search").filter(({ path }) => path.startsWith("noise."));
    expect(noise[0]).toMatchObject({
      path: "noise.kind",
      input: { kind: "choice", options: ["gaussian", "poisson_gaussian", "camera", "paired"], isNumber: false },
    });
    expect(noise.slice(1, 4).map(({ path, onlyFor }) => `${path} for ${onlyFor?.value}`)).toEqual([
      "noise.sigma255 for gaussian",
      "noise.gain for poisson_gaussian",
      "noise.sigma255 for poisson_gaussian",
    ]);
    expect(new Set(noise.slice(4).map(({ onlyFor }) => onlyFor?.value))).toEqual(new Set(["camera"]));
  });

  it("offers every strategy, and the settings of each while it is chosen", () => {
    const fields = fieldsOf("search").filter(({ path }) => path.startsWith("search.strategy"));
    const options = ["gradient", "random", "evolution", "tournament", "local_search", "reinforce", "bayesian"];
    expect(fields[0]).toMatchObject({ path: "search.strategy.kind", input: { kind: "choice", options } });
    const evolution = fields.filter(({ onlyFor }) => onlyFor?.value === "evolution").map(({ path }) => path);
    expect(evolution).toEqual(["candidates", "population", "sample"].map((key) => `search.strategy.${key}`));
  });

  it("knows how each kind of value is entered", () => {
    const inputOf = (kind: (typeof SETTINGS_KINDS)[number], path: string) =>
      fieldsOf(kind).find((field) => field.path === path)?.input;
    expect(inputOf("train", "training.stages")).toEqual({ kind: "rows", keys: ["share", "batchSize", "patchSize"] });
    expect(inputOf("search", "search.epochs")).toEqual({ kind: "number", isInteger: true, canBeOff: false });
    expect(inputOf("search", "data.validationShare")).toEqual({ kind: "number", isInteger: false, canBeOff: false });
    expect(inputOf("train", "training.clipValue")).toEqual({ kind: "number", isInteger: false, canBeOff: true });
    expect(inputOf("search", "noise.sigma255")).toEqual({ kind: "sigma" });
    expect(inputOf("search", "space.widthFactors")).toEqual({ kind: "numbers" });
    expect(inputOf("search", "space.primitives")).toMatchObject({ kind: "several" });
    expect(inputOf("search", "augmentation.rotate")).toEqual({ kind: "switch" });
    expect(inputOf("search", "space.alphaSharing")).toEqual({
      kind: "choice",
      options: ["per_layer", "tied"],
      isNumber: false,
    });
    expect(inputOf("train", "network.imageChannels")).toEqual({ kind: "choice", options: ["1", "3"], isNumber: true });
    expect(inputOf("search", "name")).toEqual({ kind: "text" });
  });
});

describe("the text of a field", () => {
  const number = { kind: "number", isInteger: false, canBeOff: false } as const;

  it.each([
    ["30", 30],
    ["30, 50, 70", [30, 50, 70]],
    ["0..55", { from: 0, to: 55 }],
  ])("reads %s as a sigma and writes it back", (text, value) => {
    expect(readFieldText(text, { kind: "sigma" })).toEqual(value);
    expect(toFieldText(value)).toBe(text);
  });

  it("reads rows of numbers as the mappings of a list and writes them back", () => {
    const keys = ["share", "batchSize", "patchSize"];
    const stages = [
      { share: 0.75, batchSize: 32, patchSize: 48 },
      { share: 0.25, batchSize: 12, patchSize: 80 },
    ];
    const text = "0.75, 32, 48; 0.25, 12, 80";
    expect(readFieldText(text, { kind: "rows", keys })).toEqual(stages);
    expect(toFieldText(stages, keys)).toBe(text);
    expect(readFieldText("", { kind: "rows", keys })).toBeUndefined();
    expect(toFieldText([], keys)).toBe("");
    expect(readFieldText("1, 32; 48", { kind: "rows", keys })).toBe("1, 32; 48");
  });

  it("leaves a half-typed value as text, for the schema to say what is wrong", () => {
    expect(readFieldText("1e", number)).toBe("1e");
    expect(readFieldText("1, x", { kind: "numbers" })).toEqual([1, "x"]);
  });

  it("reads an empty field as off where that can be, and as the default where not", () => {
    expect(readFieldText(" ", { ...number, canBeOff: true })).toBeNull();
    expect(readFieldText(" ", number)).toBeUndefined();
  });

  it("takes a decimal comma", () => {
    expect(readFieldText("0,02", number)).toBe(0.02);
  });

  it("finds a value by its path, and nothing where the path ends early", () => {
    expect(settingAt({ search: { epochs: 4 } }, "search.epochs")).toBe(4);
    expect(settingAt({ search: 4 }, "search.epochs")).toBeUndefined();
  });
});

describe("switching a variant in the form", () => {
  const enter = (kind: (typeof SETTINGS_KINDS)[number], entries: readonly (readonly [string, unknown])[]) => {
    const values: Record<string, unknown> = {};
    for (const [path, value] of entries) {
      values[path] = value;
      for (const [other, following] of listFollowingChanges(fieldsOf(kind), path, value)) values[other] = following;
    }
    const entered = Object.entries(values).filter(([, value]) => value !== undefined);
    const singles = entered.map(([path, value]) => ({ path, value, place: "form" }));
    return resolveConfig(kind, [singlesLayer("flag", singles)]).settings;
  };

  it("goes to sensor noise and back without leaving the gain behind", () => {
    const settings = enter("search", [
      ["noise.kind", "poisson_gaussian"],
      ["noise.kind", "gaussian"],
    ]);
    expect(settings).toMatchObject({ noise: { kind: "gaussian", sigma255: 30 } });
  });

  it("drops an entered momentum when Adam is chosen", () => {
    const settings = enter("train", [
      ["training.optimiser.momentum", 0.5],
      ["training.optimiser.kind", "adam"],
    ]);
    expect(settings).toMatchObject({ training: { optimiser: { kind: "adam", learningRate: 1e-3 } } });
  });

  it("leaves all else as it is when another field changes", () => {
    expect(listFollowingChanges(fieldsOf("search"), "search.epochs", 4).size).toBe(0);
  });
});
