import { resolve } from "node:path";

import { describe, expect, it } from "vitest";

import { loadDemoSettings } from "#main/cli/demo/demoSettings.ts";

const load = (preset: string, maxPhotos: number | null) =>
  loadDemoSettings(preset, resolve("resources/presets"), { dataset: "mine", seed: 5, maxPhotos });

describe("loadDemoSettings", () => {
  it("takes data set and seed as they were asked and trains with the noise that it searches with", async () => {
    const { search, train } = await load("demo", null);
    expect(search).toMatchObject({ seed: 5, data: { dataset: "mine" } });
    expect(train).toMatchObject({ seed: 5, data: { dataset: "mine" }, noise: search.noise });
  });

  it("never uses more photos than its preset or the held-out ones allow", async () => {
    expect((await load("demo-cpu", 100)).search.data.maxPhotos).toBe(8);
    expect((await load("demo-cpu", 5)).train.data.maxPhotos).toBe(5);
    expect((await load("demo", 60)).train.data.maxPhotos).toBe(60);
  });
});
