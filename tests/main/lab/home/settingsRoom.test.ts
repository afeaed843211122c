import { readFile, writeFile } from "node:fs/promises";

import { describe, expect, it } from "vitest";

import { loadSettings } from "#main/cli/loadSettings.ts";
import { getRunPaths } from "#main/store/runs/runFolder.ts";
import type { SettingsKind } from "#shared/runs/settings.ts";
import { networkCost } from "#shared/space/graph/costModel.ts";
import { searchConfigSchema, trainConfigSchema } from "#shared/runs/config.ts";
import { buildNetworkGraph } from "#shared/space/spaces/spaces.ts";
import { planNetwork } from "#shared/space/spaces/networkPlan.ts";
import { supernetCost } from "#shared/space/spaces/widths/supernetParameters.ts";

import { makeFolder, openLab, writePhotos } from "#tests/helpers/labHome.ts";
import { TINY_GENOTYPE } from "#tests/helpers/tinyGenotype.ts";

const wish = (kind: SettingsKind, given: object) => ({
  kind,
  preset: null,
  yaml: null,
  values: {},
  from: null,
  ...given,
});

describe("presets", () => {
  it("are listed with what they are for and what they set", async () => {
    const { lab } = openLab(await makeFolder());
    const presets = await lab.listPresets("search");
    expect(presets.map(({ name }) => name)).toEqual(
      expect.arrayContaining(["demo", "hinas-cvpr-size", "overnight", "published", "quick", "scales-grey"]),
    );
    const quick = presets.find(({ name }) => name === "quick");
    expect(quick?.description).toMatch(/^A search that shows what a search does/);
    expect(quick?.description).not.toContain("#");
    expect(quick?.yaml).toMatch(/^noise:/);
    expect(await lab.listPresets("evaluation")).toEqual([]);
  });
});

describe("settings of a form", () => {
  it("lie over the YAML text, which lies over the preset, which lies over the defaults", async () => {
    const { lab } = openLab(await makeFolder());
    const { settings, problems, yaml } = await lab.resolveSettings(
      wish("search", {
        preset: "quick",
        yaml: "seed: 5\nsearch: { epochs: 7 }\n",
        values: { "search.epochs": 8, "space.widthFactors": [1, 2] },
      }),
    );
    expect(problems).toEqual([]);
    expect(settings).toMatchObject({ seed: 5, search: { epochs: 8, batchSize: 4 }, space: { widthFactors: [1, 2] } });
    const again = await lab.resolveSettings(wish("search", { yaml }));
    expect(again.settings).toEqual(settings);
  });

  it("of a training begin in the frame of the search that found its architecture", async () => {
    const photos = await writePhotos(await makeFolder(), 6);
    const { lab } = openLab(await makeFolder());
    const { id } = await lab.startSearch(
      searchConfigSchema.parse({ data: { dataset: photos }, space: { imageChannels: 3, noiseMap: true } }),
    );
    await lab.waitForRun(id);
    const { hash: from } = await lab.derive(id, null);
    const networkOf = async (given: object) => {
      const { settings } = await lab.resolveSettings(wish("train", { from, ...given }));
      return trainConfigSchema.parse(settings).network;
    };
    expect(await networkOf({})).toMatchObject({ imageChannels: 3, noiseMap: true, unshuffle: 1 });
    expect(await networkOf({ preset: "demo" })).toMatchObject({ imageChannels: 3, filters: 12 });
    expect(await networkOf({ values: { "network.imageChannels": 1 } })).toMatchObject({ imageChannels: 1 });
    expect(await networkOf({ yaml: "seed: 1\n" })).toMatchObject({ imageChannels: 1, noiseMap: false });
    await lab.removeRun(id);
    expect(await networkOf({})).toMatchObject({ imageChannels: 1, noiseMap: false });
  });

  it("name a data set that is there, or say which one may be meant", async () => {
    const { lab } = openLab(await makeFolder());
    const folder = await writePhotos(await makeFolder(), 3);
    await lab.addDataset({ name: "holiday", folder, noisyFolder: null });
    const ask = async (dataset: string) =>
      (await lab.resolveSettings(wish("train", { values: { "data.dataset": dataset } }))).problems;
    expect(await ask("holidy")).toEqual([
      { path: "data.dataset", line: null, message: "no data set or folder is named holidy; did you mean holiday?" },
    ]);
    expect([await ask("holiday"), await ask("sample"), await ask(folder)]).toEqual([[], [], []]);
  });

  it("are told one by one where they are wrong, by setting and line", async () => {
    const { lab } = openLab(await makeFolder());
    const { settings, problems, yaml, command } = await lab.resolveSettings(
      wish("search", {
        yaml: "search:\n  epochs: 0\n  epoch: 3\n",
        values: { "space.nodes": "many", "training.steps": 5 },
      }),
    );
    expect([settings, yaml, command]).toEqual([null, null, null]);
    expect(problems).toEqual(
      expect.arrayContaining([
        { path: "search.epochs", line: 2, message: "search.epochs must be more than 0, got 0" },
        { path: "search.epoch", line: 3, message: "unknown key search.epoch; did you mean search.epochs?" },
        { path: "space.nodes", line: null, message: 'space.nodes must be a number, got "many"' },
      ]),
    );
    const broken = await lab.resolveSettings(wish("search", { yaml: "seed: 1\nspace: {" }));
    expect(broken.problems).toMatchObject([{ path: null, line: expect.any(Number) }]);
  });

  it.each([
    ["search", { name: "it's mine", noise: { kind: "paired" }, space: { primitives: ["conv_3x3", "none"] } }],
    ["train", { seed: 3, noise: { kind: "gaussian", sigma255: { from: 0, to: 55 } }, training: { clipValue: null } }],
    ["evaluation", { evaluation: { noiseSeed: 4, data: { maxPhotos: 12 } } }],
  ] as const)("of a %s are the same on the command line", async (kind, tree) => {
    const { lab } = openLab(await makeFolder());
    const resolved = await lab.resolveSettings(wish(kind, { yaml: JSON.stringify(tree), from: "01AB" }));
    expect(resolved.problems).toEqual([]);
    const words = splitWords(resolved.command ?? "");
    const start = {
      search: ["hinas", "search"],
      train: ["hinas", "train", "01AB"],
      evaluation: ["hinas", "eval", "01AB"],
    };
    expect(words.slice(0, start[kind].length)).toEqual(start[kind]);
    const rest = words.slice(start[kind].length);
    expect(rest.filter((_, i) => i % 2 === 0)).toEqual(Array(rest.length / 2).fill("--set"));
    const loaded = await loadSettings(
      kind,
      { set: rest.filter((_, i) => i % 2 === 1) },
      {
        home: await makeFolder(),
        surroundings: { ...SURROUNDINGS, workingFolder: await makeFolder() },
      },
    );
    expect(loaded.settings).toEqual(resolved.settings);
  });
});

const SURROUNDINGS = {
  stdout: process.stdout,
  stderr: process.stderr,
  env: {},
  presetsFolder: "",
  version: "",
  isAttended: false,
};

/** Splits a command as a POSIX shell does, as far as single quotes go. */
function splitWords(command: string): readonly string[] {
  const words = command.match(/(?:[^\s'\\]|\\.|'[^']*')+/g) ?? [];
  return words.map((word) =>
    word.replaceAll(/'([^']*)'|\\(.)/g, (_match, quoted: string | undefined, escaped: string) => quoted ?? escaped),
  );
}

describe("the estimate of a job", () => {
  it("counts sizes and steps, and knows no time before anything ran", async () => {
    const { lab } = openLab(await makeFolder());
    const config = searchConfigSchema.parse({ search: { epochs: 10, warmupEpochs: 2 } });
    const estimate = await lab.estimateCost({ kind: "search", settings: config, genotype: null });
    // 64 photos: 1 for validation, 32 for weights, in batches of 6.
    expect(estimate).toMatchObject({
      ...supernetCost(config.space),
      totalSteps: 60,
      secondsPerStep: null,
      totalSeconds: null,
      basis: { runs: 0, isSameSize: false, otherKind: null, timed: null },
    });
    expect(estimate.memoryMb).toBeGreaterThan(1500);
    expect(estimate.memoryMb).toBeLessThan(6000);
    const lean = await lab.estimateCost({
      kind: "search",
      settings: { ...config, search: { ...config.search, recompute: true } },
      genotype: null,
    });
    expect(lean.memoryMb).toBeLessThan(estimate.memoryMb / 2);
  });

  it("rests on earlier runs of this computer, in proportion to the work", async () => {
    const { lab } = openLab(await makeFolder());
    const dataset = await writePhotos(await makeFolder(), 3);
    const config = trainConfigSchema.parse({ data: { dataset }, training: { steps: 40, batchSize: 2, patchSize: 16 } });
    await lab.waitForRun((await lab.startTraining(config, TINY_GENOTYPE)).id);
    const ask = (changes: object) =>
      lab.estimateCost({
        kind: "train",
        settings: { ...config, training: { ...config.training, ...changes } },
        genotype: TINY_GENOTYPE,
      });
    expect(await ask({})).toMatchObject({
      parameters: networkCost(buildNetworkGraph(planNetwork(TINY_GENOTYPE, { filters: 20 }))).parameters,
      totalSteps: 40,
      secondsPerStep: 0.001,
      totalSeconds: 0.04,
      basis: { runs: 1, isSameSize: true, otherKind: null, timed: null },
    });
    const twice = await ask({ batchSize: 4, steps: 100 });
    expect(twice.secondsPerStep).toBeCloseTo(0.002, 9);
    expect(twice.totalSeconds).toBeCloseTo(0.2, 9);
    expect(twice.basis).toEqual({ runs: 1, isSameSize: false, otherKind: null, timed: null });
    const search = await lab.estimateCost({
      kind: "search",
      settings: searchConfigSchema.parse({ data: { dataset: "sample" } }),
      genotype: null,
    });
    expect(search.basis).toEqual({ runs: 1, isSameSize: false, otherKind: "train", timed: null });
    expect(search.secondsPerStep).toBeGreaterThan(0.001);
  });

  it("of a training in stages takes the largest batch for memory, and the time of all of them", async () => {
    const { lab } = openLab(await makeFolder());
    const dataset = await writePhotos(await makeFolder(), 3);
    const small = { batchSize: 2, patchSize: 16 };
    const stages = [
      { share: 0.75, ...small },
      { share: 0.25, batchSize: 6, patchSize: 16 },
    ];
    const toConfig = (training: object) =>
      trainConfigSchema.parse({ data: { dataset }, training: { steps: 40, ...small, ...training } });
    const ask = (training: object) =>
      lab.estimateCost({ kind: "train", settings: toConfig(training), genotype: TINY_GENOTYPE });
    // Its last step, of which the time is kept, is one of the large batches.
    await lab.waitForRun((await lab.startTraining(toConfig({ stages }), TINY_GENOTYPE)).id);
    const [large, staged] = [await ask({ batchSize: 6 }), await ask({ stages })];
    expect(large.secondsPerStep).toBeCloseTo(0.001, 9);
    expect(staged.secondsPerStep).toBeCloseTo(0.001 * (0.75 / 3 + 0.25), 9);
    expect(staged.totalSeconds).toBeCloseTo(40 * 0.0005, 9);
    expect(staged.memoryMb).toBe(large.memoryMb);
  });

  it("rests on the job's own steps where no run of its sizes is known", async () => {
    const { lab } = openLab(await makeFolder());
    // Nothing is timed before the engine is there, which this installs.
    await lab.chooseDemoPreset();
    const training = trainConfigSchema.parse({});
    const wish = { kind: "train", settings: training, genotype: TINY_GENOTYPE } as const;
    expect((await lab.estimateCost(wish)).totalSeconds).toBeNull();
    expect((await lab.estimateCost(wish)).usualSeconds).toBeGreaterThan(0);
    // The script says half a second a step.
    const timed = await lab.timeJob(wish);
    expect(timed).toMatchObject({ secondsPerStep: 0.5, totalSeconds: 300_000, basis: { timed: "alone" } });
    const shorter = { ...training, training: { ...training.training, steps: 1000 } };
    expect(await lab.estimateCost({ ...wish, settings: shorter })).toMatchObject({ totalSeconds: 500 });
    const search = searchConfigSchema.parse({ search: { epochs: 10, warmupEpochs: 5 } });
    // Half of the steps are of the warm-up, at a fifth of a second.
    const searched = await lab.timeJob({ kind: "search", settings: search, genotype: null });
    expect(searched.secondsPerStep).toBeCloseTo(0.35, 9);
  });

  it("rests on runs of the present engine alone", async () => {
    const { lab } = openLab(await makeFolder());
    const dataset = await writePhotos(await makeFolder(), 3);
    const toConfig = (batchSize: number) =>
      trainConfigSchema.parse({ data: { dataset }, training: { steps: 40, batchSize, patchSize: 16 } });
    const old = await lab.waitForRun((await lab.startTraining(toConfig(2), TINY_GENOTYPE)).id);
    const { status } = getRunPaths(old.folder);
    await writeFile(status, (await readFile(status, "utf8")).replace("tensorflow on script", "tensorflow on another"));
    await lab.rebuildStore();
    await lab.waitForRun((await lab.startTraining(toConfig(4), TINY_GENOTYPE)).id);
    const estimate = await lab.estimateCost({ kind: "train", settings: toConfig(2), genotype: TINY_GENOTYPE });
    expect(estimate.secondsPerStep).toBeCloseTo(0.0005, 9);
    expect(estimate.basis).toEqual({ runs: 1, isSameSize: false, otherKind: null, timed: null });
  });

  it("refuses settings that are not whole, and a training without a genotype", async () => {
    const { lab } = openLab(await makeFolder());
    const odd = lab.estimateCost({ kind: "search", settings: { search: { epochs: 0 } }, genotype: null });
    await expect(odd).rejects.toMatchObject({ kind: "bad_config" });
    const none = lab.estimateCost({ kind: "train", settings: trainConfigSchema.parse({}), genotype: null });
    await expect(none).rejects.toThrow("needs a genotype");
  });
});
