import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { collectLayers, type SettingsSources } from "#main/config/collectLayers.ts";
import { resolveConfig } from "#main/config/resolveConfig.ts";

let folder: string;
let sources: SettingsSources;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "hinas-layers-"));
  const [home, workingFolder, presetsFolder] = ["home", "work", "presets"].map((name) => join(folder, name));
  if (home === undefined || workingFolder === undefined || presetsFolder === undefined) throw new Error("no folders");
  for (const each of [home, workingFolder, presetsFolder]) await mkdir(each);
  sources = {
    kind: "search",
    home,
    workingFolder,
    presetsFolder,
    env: {},
    preset: null,
    file: null,
    flags: [],
    search: null,
  };
});

afterEach(() => rm(folder, { recursive: true }));

const resolveFrom = async (changes: Partial<SettingsSources>) =>
  resolveConfig("search", await collectLayers({ ...sources, ...changes }));

describe("collectLayers", () => {
  it("lets each source win over all weaker ones", async () => {
    const steps: readonly (readonly [string, () => Promise<Partial<SettingsSources>>])[] = [
      [
        "preset fast line 1",
        async () => {
          await writeFile(join(sources.presetsFolder, "fast.search.yaml"), "seed: 1");
          return { preset: "fast" };
        },
      ],
      [
        `${join(sources.home, "config.yaml")} line 1`,
        async () => {
          await writeFile(join(sources.home, "config.yaml"), "seed: 2");
          return {};
        },
      ],
      [
        "hinas.yaml line 1",
        async () => {
          await writeFile(join(sources.workingFolder, "hinas.yaml"), "seed: 3");
          return {};
        },
      ],
      [
        "mine.yaml line 1",
        async () => {
          await writeFile(join(sources.workingFolder, "mine.yaml"), "seed: 4");
          return { file: "mine.yaml" };
        },
      ],
      ["HINAS_SEED", () => Promise.resolve({ env: { HINAS_SEED: "5" } })],
      ["--seed 6", () => Promise.resolve({ flags: [{ path: "seed", value: 6, place: "--seed 6" }] })],
    ];
    let changes: Partial<SettingsSources> = {};
    expect((await resolveFrom(changes)).settings.seed).toBe(0);
    for (const [i, [place, add]] of steps.entries()) {
      changes = { ...changes, ...(await add()) };
      const resolved = await resolveFrom(changes);
      expect([resolved.settings.seed, resolved.placeOf("seed")]).toEqual([i + 1, place]);
    }
  });

  it("reads the environment by the names of settings, and leaves other names alone", async () => {
    const env = {
      HINAS_SEARCH__WARMUP_EPOCHS: "7",
      HINAS_NOISE__SIGMA255: "[5, 10]",
      HINAS_HOME: "/x",
      HINAS_NAME: "12",
    };
    const { settings } = await resolveFrom({ env });
    expect(settings.search.warmupEpochs).toBe(7);
    expect(settings.noise).toEqual({ kind: "gaussian", sigma255: [5, 10] });
    expect(settings.name).toBe("12");
  });

  it("reports a misspelt variable of the environment", async () => {
    await expect(resolveFrom({ env: { HINAS_SEARCH__EPOCH: "7" } })).rejects.toThrow(
      "config: HINAS_SEARCH__EPOCH: unknown key search.epoch; did you mean search.epochs?",
    );
  });

  it("takes all flags together, whatever their order", async () => {
    const layers = await collectLayers({
      ...sources,
      kind: "train",
      flags: [
        { path: "training.optimiser.learningRate", value: 0.01, place: "--set" },
        { path: "training.optimiser.kind", value: "adam", place: "--set" },
      ],
    });
    expect(resolveConfig("train", layers).settings.training.optimiser).toMatchObject({
      kind: "adam",
      learningRate: 0.01,
    });
  });

  it("names the presets there are where another is asked for", async () => {
    await writeFile(join(sources.presetsFolder, "fast.search.yaml"), "");
    await writeFile(join(sources.presetsFolder, "slow.train.yaml"), "");
    await expect(resolveFrom({ preset: "fsat" })).rejects.toThrow(
      "config: --preset: must be one of fast, got fsat; did you mean fast?",
    );
  });

  it("does without the user's and the project's file, but not without the file that was named", async () => {
    await expect(resolveFrom({})).resolves.toBeDefined();
    await expect(resolveFrom({ file: "gone.yaml" })).rejects.toMatchObject({
      kind: "not_found",
      message: "config: gone.yaml: no such file or folder (ENOENT)",
    });
  });

  it("refuses a folder in place of a settings file", async () => {
    await mkdir(join(sources.workingFolder, "hinas.yaml"));
    await expect(resolveFrom({})).rejects.toThrow("config: hinas.yaml: this is a folder, not a file (EISDIR)");
  });
});
