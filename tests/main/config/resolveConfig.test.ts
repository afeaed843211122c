import { describe, expect, it } from "vitest";

import { parseSettingText, singlesLayer, yamlLayer } from "#main/config/layerSources.ts";
import { resolveConfig } from "#main/config/resolveConfig.ts";
import { listSettings, SETTINGS_KINDS, SETTINGS_SCHEMAS, type SettingsKind } from "#shared/runs/settings.ts";

const fromYaml = (text: string) => yamlLayer("project", text, "hinas.yaml");
const fromFlag = (path: string, value: unknown) => singlesLayer("flag", [{ path, value, place: `--set ${path}` }]);

/** The message that a settings text is refused with, line by line. */
function refusalOf(text: string, kind: SettingsKind = "search"): readonly string[] {
  try {
    resolveConfig(kind, [fromYaml(text)]);
  } catch (error) {
    if (error instanceof Error) return error.message.split("\n");
  }
  throw new Error("these settings are accepted");
}

describe("resolveConfig", () => {
  it.each(SETTINGS_KINDS)("gives the defaults of %s where nothing is set", (kind) => {
    expect(resolveConfig(kind, []).settings).toEqual(SETTINGS_SCHEMAS[kind].parse({}));
  });

  it("sets one value of a group and keeps the others", () => {
    const { search } = resolveConfig("search", [fromYaml("search: {epochs: 30}")]).settings;
    expect(search).toMatchObject({ epochs: 30, warmupEpochs: 20, arch: { learningRate: 0.001 } });
  });

  it("takes a list of mappings from a file and from a flag", () => {
    const stages = [
      { share: 0.75, batchSize: 32, patchSize: 48 },
      { share: 0.25, batchSize: 12, patchSize: 80 },
    ];
    const text = `training:\n  stages:\n${stages.map((stage) => `    - ${JSON.stringify(stage)}\n`).join("")}`;
    const value = parseSettingText("training.stages", JSON.stringify(stages), "--set", listSettings());
    for (const layer of [fromYaml(text), fromFlag("training.stages", value)]) {
      expect(resolveConfig("train", [layer]).settings.training.stages).toEqual(stages);
    }
  });

  it("replaces a list as a whole", () => {
    const layers = [fromYaml("space: {widthFactors: [1, 2, 3, 4]}"), fromFlag("space.widthFactors", [1, 3])];
    expect(resolveConfig("search", layers).settings.space.widthFactors).toEqual([1, 3]);
  });

  it("voids an earlier variant's settings where a later layer picks another variant", () => {
    const layers = [fromYaml("training: {optimiser: {momentum: 0.5}}"), fromFlag("training.optimiser.kind", "adam")];
    expect(resolveConfig("train", layers).settings.training.optimiser).toEqual({
      kind: "adam",
      learningRate: 0.001,
      beta1: 0.9,
      beta2: 0.999,
      weightDecay: 0,
      outputRateFactor: 1,
      biasRateFactor: 1,
    });
  });

  it("keeps an earlier variant's settings where a later layer picks the same variant", () => {
    const layers = [fromYaml("training: {optimiser: {momentum: 0.5}}"), fromFlag("training.optimiser.kind", "sgd")];
    expect(resolveConfig("train", layers).settings.training.optimiser).toMatchObject({ kind: "sgd", momentum: 0.5 });
  });

  it("takes from a shared file what belongs to the job and leaves the rest", () => {
    const shared = fromYaml("seed: 4\nsearch: {epochs: 50}\nnetwork: {filters: 8}\nevaluation: {noiseSeed: 9}");
    expect(resolveConfig("search", [shared]).settings).toMatchObject({ seed: 4, search: { epochs: 50 } });
    expect(resolveConfig("train", [shared]).settings).toMatchObject({ seed: 4, network: { filters: 8 } });
    expect(resolveConfig("evaluation", [shared]).settings.evaluation.noiseSeed).toBe(9);
  });

  it("treats a group with nothing in it as not there", () => {
    expect(resolveConfig("search", [fromYaml("search:\n  # epochs: 3\n")]).settings.search.epochs).toBe(100);
  });

  it("remembers where each value was written", () => {
    const resolved = resolveConfig("search", [fromYaml("seed: 1\nsearch:\n  epochs: 50"), fromFlag("seed", 2)]);
    expect(resolved.placeOf("search.epochs")).toBe("hinas.yaml line 3");
    expect(resolved.placeOf("seed")).toBe("--set seed");
    expect(resolved.placeOf("search.batchSize")).toBeNull();
  });
});

describe("resolveConfig's refusals", () => {
  it("name file, line, the unknown key and the nearest known one", () => {
    expect(refusalOf("name: a\n\nsearch:\n  batchSize: 4\n\n  # more\n  epoch: 3")).toEqual([
      "config: hinas.yaml line 7: unknown key search.epoch; did you mean search.epochs?",
    ]);
  });

  it("find a known key that was put in the wrong group", () => {
    expect(refusalOf("epochs: 3")).toEqual([
      "config: hinas.yaml line 1: unknown key epochs; did you mean search.epochs?",
    ]);
  });

  it("offer nothing where nothing is near", () => {
    expect(refusalOf("zzzzzzzz: 3")).toEqual(["config: hinas.yaml line 1: unknown key zzzzzzzz"]);
  });

  it("list all problems at once, each with its line", () => {
    const text = "seed: -1\nspace:\n  nodes: 0\n  layers: 1.5\nsearch:\n  epoch: 3\n  recompute: 1";
    expect(refusalOf(text)).toEqual([
      "config: hinas.yaml line 6: unknown key search.epoch; did you mean search.epochs?",
      "config: hinas.yaml line 1: seed must be at least 0, got -1",
      "config: hinas.yaml line 4: space.layers must be a whole number, got 1.5",
      "config: hinas.yaml line 3: space.nodes must be at least 1, got 0",
      "config: hinas.yaml line 7: search.recompute must be true or false, got 1",
    ]);
  });

  it.each([
    ["noise: {sigma255: -5}", "noise.sigma255 must be at least 0, got -5"],
    ["noise: {sigma255: 300}", "noise.sigma255 must be at most 255, got 300"],
    ["noise: {sigma255: [15, -5]}", "noise.sigma255[1] must be at least 0, got -5"],
    ["noise: {sigma255: []}", "noise.sigma255 must be at least 1 entry long, got []"],
    ["noise: {sigma255: strong}", 'noise.sigma255 must be a number or a range such as 0..75, got "strong"'],
    ["noise: {sigma255: {from: 5}}", "noise.sigma255.to is missing; it must be a number"],
    ["noise: {sigma255: 0..300}", 'noise.sigma255 must lie within 0..255, got "0..300"'],
    ["noise: {sigma255: 75..5}", "noise.sigma255.from must be at most noise.sigma255.to (5), got 75"],
    ["noise: {sigma255: .nan}", "noise.sigma255 must be a number or a list or a mapping or text, got NaN"],
    ["noise: {sigma255: .inf}", "noise.sigma255 must be a number or a list or a mapping or text, got Infinity"],
    [
      "noise: {kind: gausian}",
      'noise.kind must be one of gaussian, poisson_gaussian, camera, paired (did you mean gaussian?), got "gausian"',
    ],
    ["noise: {kind: paired, sigma255: 5}", "noise.sigma255 does not go with noise.kind paired"],
    ["noise: 30", "noise must be a mapping of settings, got 30"],
    [
      "space: {alphaSharing: tide}",
      'space.alphaSharing must be one of per_layer, tied (did you mean tied?), got "tide"',
    ],
    [
      "search: {strategy: {kind: evolutoin}}",
      'search.strategy.kind must be one of gradient, random, evolution, tournament, local_search, reinforce, bayesian (did you mean evolution?), got "evolutoin"',
    ],
    ["search: {strategy: {kind: random, candidates: 0}}", "search.strategy.candidates must be more than 0, got 0"],
    ["search: {estimator: {kind: short_training, steps: 0}}", "search.estimator.steps must be more than 0, got 0"],
    [
      "search: {strategy: {kind: gradient, candidates: 9}}",
      "search.strategy.candidates does not go with search.strategy.kind gradient",
    ],
    ["space: {filters: 1000}", "space.filters must be at most 512, got 1000"],
    ["search: {patchSize: 10}", "search.patchSize must be at least 11, got 10"],
    ["search: {epochs: 0}", "search.epochs must be more than 0, got 0"],
    ["search: {epochs: many}", 'search.epochs must be a number, got "many"'],
    ["search: {epochs: null}", "search.epochs must be a number, got null"],
    ["search: {epochs: 10}", "search.warmupEpochs must be less than search.epochs (10), got 20"],
    ["space: {primitives: [none]}", 'space.primitives must name at least one primitive besides none, got ["none"]'],
    ["data: {dataset: ''}", 'data.dataset must be at least 1 character long, got ""'],
  ])("say what is expected and what was found in %s", (text, what) => {
    expect(refusalOf(text)).toContain(`config: hinas.yaml line 1: ${what}`);
  });

  it.each([
    [
      "[{share: 0.75, batchSize: 4, patchSize: 16}, {share: 0.2, batchSize: 4, patchSize: 16}]",
      /training\.stages must have shares that sum to 1 \(these sum to 0\.95\), got \[/,
    ],
    ["[{share: 1, batchSize: 4, patchSize: 5}]", /training\.stages\[0\]\.patchSize must be at least 11, got 5/],
    ["[{share: 1, batchSize: 4}]", /training\.stages\[0\]\.patchSize is missing; it must be a number/],
    ["0.75", /training\.stages must be a list, got 0\.75/],
  ])("say what is wrong with the stages %s of a training", (stages, what) => {
    expect(refusalOf(`training: {stages: ${stages}}`, "train").join()).toMatch(what);
  });

  it("say which variant a missing value belongs to by naming its line", () => {
    expect(refusalOf("seed: 1\nnoise:\n  kind: poisson_gaussian\n  sigma255: 5")).toEqual([
      "config: hinas.yaml line 3: noise.gain is missing; it must be a number",
    ]);
  });

  it("say that a setting does not go with the optimiser that was picked", () => {
    expect(refusalOf("training:\n  optimiser:\n    kind: adam\n    momentum: 0.9", "train")).toEqual([
      "config: hinas.yaml line 4: training.optimiser.momentum does not go with training.optimiser.kind adam",
    ]);
  });

  it("name the flag where a flag sets what another job has", () => {
    expect(() => resolveConfig("search", [fromFlag("network.filters", 3)])).toThrow(
      "config: --set network.filters: network.filters is a setting of train, not of search",
    );
  });
});
