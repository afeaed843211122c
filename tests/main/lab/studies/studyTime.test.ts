import { expect, it } from "vitest";

import type { Lab } from "#shared/api/lab.ts";
import { isLongStudy } from "#shared/api/longJobs.ts";

import { makeFolder, openLab, writePhotos } from "#tests/helpers/labHome.ts";

const studyOf = (dataset: string, seeds: number, ends: string, axes = ""): Parameters<Lab["previewStudy"]>[0] => ({
  yaml: `
name: timed
seeds: ${seeds}
ends: ${ends}
base:
  data: { dataset: ${dataset} }
  space: { layers: 2, nodes: 1 }
  search: { epochs: 2, warmupEpochs: 0 }
  training: { steps: 1000 }
${axes}`,
  place: "study.yaml",
  withControl: false,
});

it("a study takes as long as its searches and trainings one after the other, each seed anew", async () => {
  const { lab } = openLab(await makeFolder());
  await lab.addDataset({ name: "mine", folder: await writePhotos(await makeFolder(), 6), noisyFolder: null });
  const secondsOf = async (...wish: [number, string, string?]) =>
    (await lab.previewStudy(studyOf("mine", ...wish))).time.seconds;
  const search = await secondsOf(1, "search");
  const both = await secondsOf(1, "training");
  expect(search).toBeGreaterThan(0);
  expect(both).toBeGreaterThan(search);
  expect(await secondsOf(3, "training")).toBeCloseTo(3 * both, 6);
  const doubled = "axes: { budget: { short: {}, long: { training: { steps: 2000 } } } }";
  expect(await secondsOf(1, "training", doubled)).toBeCloseTo(2 * both + (both - search), 6);
});

it("a control takes a training of its own, and what cannot be searched by gradient is reckoned with too", async () => {
  const { lab } = openLab(await makeFolder());
  const one = await lab.previewStudy(studyOf("sample", 1, "training"));
  const control = await lab.previewStudy({ ...studyOf("sample", 1, "training"), withControl: true });
  expect(control.time.seconds).toBeGreaterThan(one.time.seconds);
  expect(one.time.isMeasured).toBe(false);
  const chains = `axes: { strategy: { random: { search: { strategy: { kind: random, candidates: 3 }, candidates: { kind: chain }, estimator: { kind: parameters } } } } }`;
  expect((await lab.previewStudy(studyOf("sample", 1, "training", chains))).time.seconds).toBeGreaterThan(0);
});

it("a night by the published preset takes days, one by the quick preset does not", async () => {
  const { lab } = openLab(await makeFolder());
  const timeOf = async (preset: string) => {
    const wish = { dataset: "sample", testDataset: "sample", preset, seed: 0, name: null };
    return (await lab.previewStudy({ yaml: await lab.previewTonight(wish), place: "tonight", withControl: false }))
      .time;
  };
  expect(isLongStudy(await timeOf("published"))).toBe(true);
  expect(isLongStudy(await timeOf("quick"))).toBe(false);
});
