import { resolve } from "node:path";

import { describe, expect, it } from "vitest";

import { loadDemoSettings } from "#main/cli/demo/demoSettings.ts";
import { SAMPLE_SET } from "#shared/image/sampleSet.ts";

const load = (preset: string) => loadDemoSettings(preset, resolve("resources/presets"), { dataset: "mine", seed: 5 });

describe("loadDemoSettings", () => {
  it("takes data set and seed as they were asked and trains with the noise that it searches with", async () => {
    const { search, train } = await load("demo");
    expect(search).toMatchObject({ seed: 5, data: { dataset: "mine" } });
    expect(train).toMatchObject({ seed: 5, data: { dataset: "mine" }, noise: search.noise });
  });

  it.each(["demo", "demo-cpu"])("never uses more photos than the sample set has with the preset %s", async (preset) => {
    const { search, train } = await load(preset);
    for (const { data } of [search, train]) expect(data.maxPhotos).toBeLessThanOrEqual(SAMPLE_SET.photos);
  });
});
