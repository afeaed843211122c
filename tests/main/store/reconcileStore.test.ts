import { mkdir, rename, rm, writeFile } from "node:fs/promises";

import { describe, expect, it, onTestFinished } from "vitest";

import { getHomePaths } from "#main/store/labHome.ts";
import { openStore } from "#main/store/openStore.ts";
import { openEventLog } from "#main/store/runs/eventLog.ts";
import { createRunFolder, getRunPaths, writeStatus } from "#main/store/runs/runFolder.ts";
import { getEvaluationStem, getGenotypeStem } from "#main/store/runs/runProducts.ts";
import { toRunSummary } from "#main/store/runs/runSummary.ts";
import type { Evaluation } from "#shared/runs/evaluation.ts";
import { genotypeHash, genotypeToJson } from "#shared/space/spaces/spaces.ts";

import { makeFolder, openLab, writeColourPhotos } from "#tests/helpers/labHome.ts";
import { candidateEvent } from "#tests/helpers/runEvents.ts";
import { buildCandidate, buildManifest, buildStatus } from "#tests/helpers/runFixtures.ts";
import { TINY_GENOTYPE } from "#tests/helpers/tinyGenotype.ts";

const ID = "01JGKZ6DV0ABCDEFGHJKMNPQRS";
const EVALUATION_ID = "01JGKZ6DV0ABCDEFGHJKMNPQRT";
const scores = { psnrDb: 28.5, ssim: 0.8, psnr8BitDb: 28.4, ssim8Bit: 0.79 };
const EVALUATION: Evaluation = {
  schema: "hinas.evaluation",
  version: 1,
  recipe: { name: "whole-image", noise: "gaussian-30", noiseSeed: 0, clipped: true, channels: "grey" },
  dataset: "set",
  model: { runId: ID, checkpoint: "best", genotypeHash: "abcd" },
  images: [],
  mean: { noisy: scores, blurred: scores, denoised: scores },
  parameters: 1,
  multiplyAddsPerPixel: 1,
  megapixelsPerSecond: 1,
  peakResidentMb: 1,
  engine: "test",
};

/** A home with a run in its folder, which is in the index where the test says so. */
async function makeHome({ isIndexed = true } = {}) {
  const home = await makeFolder();
  const { runs } = getHomePaths(home);
  await mkdir(runs);
  const [manifest, status] = [buildManifest(ID), buildStatus({ state: "stopped" })];
  const paths = await createRunFolder(runs, manifest, status);
  const store = openStore(home);
  if (isIndexed) store.runs.put(toRunSummary(paths.folder, manifest, status));
  onTestFinished(() => store.close());
  return { home, paths, store };
}

describe("a lab that is opened after a crash between a folder and the index", () => {
  it("knows a run that was not indexed yet, with its candidates", async () => {
    const { home, paths, store } = await makeHome({ isIndexed: false });
    const events = openEventLog(paths.events);
    events.append(candidateEvent(10));
    events.close();
    const { lab } = openLab(home);
    expect(await lab.listRuns()).toMatchObject([{ id: ID, state: "stopped", step: 40 }]);
    expect(store.candidates.listOfRun(ID)).toEqual([buildCandidate(10)]);
  });

  it("knows an evaluation that was not indexed yet", async () => {
    const { home, paths } = await makeHome();
    await writeFile(`${getEvaluationStem(paths, EVALUATION_ID)}.json`, JSON.stringify(EVALUATION));
    const { lab } = openLab(home);
    expect(await lab.listEvaluations({ runId: ID })).toMatchObject([{ id: EVALUATION_ID }]);
  });

  it("knows a genotype that was derived and not indexed yet, as derived from its run", async () => {
    const { home, paths, store } = await makeHome();
    await writeFile(`${getGenotypeStem(paths, 3)}.json`, genotypeToJson(TINY_GENOTYPE));
    const { lab } = openLab(home);
    const hash = genotypeHash(TINY_GENOTYPE);
    const origin = { kind: "derived", runId: ID, epoch: 3 };
    expect(await lab.listArchitectures()).toMatchObject([{ hash, genotype: TINY_GENOTYPE, origin }]);
    expect(store.genotypes.listOfRun(ID)).toMatchObject([{ epoch: 3, hash, file: "genotypes/epoch-0003.json" }]);
  });

  it("knows a derived architecture of which the index has the genotype alone", async () => {
    const { home, paths, store } = await makeHome();
    const [hash, file] = [genotypeHash(TINY_GENOTYPE), "genotypes/epoch-0003.json"];
    await writeFile(`${getGenotypeStem(paths, 3)}.json`, genotypeToJson(TINY_GENOTYPE));
    store.genotypes.put({ runId: ID, epoch: 3, hash, file, derivedAt: "2026-01-01T00:00:00.000Z" });
    expect(await openLab(home).lab.listArchitectures()).toMatchObject([{ hash }]);
  });

  it("does not bring back an architecture that a person took out", async () => {
    const { home, paths } = await makeHome();
    await writeFile(`${getGenotypeStem(paths, 3)}.json`, genotypeToJson(TINY_GENOTYPE));
    const before = openLab(home).lab;
    await before.removeArchitecture(genotypeHash(TINY_GENOTYPE));
    await before.close();
    expect(await openLab(home).lab.listArchitectures()).toEqual([]);
  });

  it("knows data sets, noise profiles and architectures that have a card and were not indexed yet", async () => {
    const { home, store } = await makeHome();
    const before = openLab(home).lab;
    const name = "a/b. 100%*";
    await before.addDataset({
      name: "some photos",
      folder: await writeColourPhotos(await makeFolder(), 1),
      noisyFolder: null,
    });
    await before.saveNoiseProfile({ name, noise: { kind: "gaussian", sigma255: 20 } });
    const { hash } = await before.importArchitecture({
      text: genotypeToJson(TINY_GENOTYPE),
      source: "a file",
      name: "mine",
    });
    await before.close();
    store.datasets.remove("some photos");
    store.noiseProfiles.remove(name);
    store.architectures.remove(hash);
    await writeFile(`${getHomePaths(home).architectures}/100%.json`, "{}");
    const { lab } = openLab(home);
    expect(await lab.listDatasetNames()).toContain("some photos");
    expect(await lab.listNoiseProfiles()).toMatchObject([{ name }]);
    expect(await lab.listArchitectures()).toMatchObject([{ hash, name: "mine" }]);
  });

  it("knows how a run ended", async () => {
    const { home, paths } = await makeHome();
    await writeStatus(paths, buildStatus({ state: "finished", step: 50 }));
    const { lab } = openLab(home);
    expect(await lab.showRun(ID)).toMatchObject({ state: "finished", step: 50 });
  });

  it("does not know a run that was on its way to the trash", async () => {
    const { home, paths } = await makeHome();
    await rename(paths.folder, `${home}/gone`);
    const { lab } = openLab(home);
    expect(await lab.listRuns()).toEqual([]);
  });

  it("keeps what it knows where the folder of runs is not there, and passes over damaged runs", async () => {
    const { home, paths } = await makeHome();
    await writeFile(getRunPaths(paths.folder).status, "half");
    expect(await openLab(home).lab.listRuns()).toHaveLength(1);
    await rm(getHomePaths(home).runs, { recursive: true });
    expect(await openLab(home).lab.listRuns()).toHaveLength(1);
  });
});
