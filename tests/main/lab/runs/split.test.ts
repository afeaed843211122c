import { createHash } from "node:crypto";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { findPhotos } from "#main/lab/datasets/datasetSource.ts";
import { planRun } from "#main/lab/runs/newRun.ts";
import { getRunPaths, readManifest } from "#main/store/runs/runFolder.ts";
import { searchConfigSchema, trainConfigSchema } from "#shared/runs/config.ts";
import { runSplitSchema } from "#shared/runs/runSplit.ts";

import { makeFolder, openLab, writePhotos } from "#tests/helpers/labHome.ts";
import { TINY_GENOTYPE } from "#tests/helpers/tinyGenotype.ts";

import { prepare, search } from "./scriptedRuns.ts";

const TEST = { kind: "count", photos: 2 };

it("a run keeps which photos have which part, and runs with the same split have the same hash", async () => {
  const { home, photos } = await prepare();
  const { lab } = openLab(home);
  const splits = [];
  for (const name of ["first", "second"]) {
    const { id, folder } = await lab.startSearch(search(photos, name));
    await lab.waitForRun(id);
    splits.push(runSplitSchema.parse(JSON.parse(await readFile(getRunPaths(folder).split, "utf8"))));
  }
  const [first, second] = splits;
  expect(Object.keys(first?.parts ?? {})).toEqual(["weights", "architecture", "validation"]);
  const names = Object.values(first?.parts ?? {}).flat();
  expect(new Set(names).size).toBe(names.length);
  expect(names.length).toBeGreaterThan(2);
  expect(second).toEqual(first);
});

describe("the test part of a run", () => {
  it("is written down by name and by the hash of each file, clean and noisy, and is the same for a search and a training", async () => {
    const { lab, clean, noisy, search: id, training } = await startOnPairs();
    const split = await lab.readRunSplit(id);
    const [of, ofTraining] = [split?.parts, (await lab.readRunSplit(training))?.parts];
    expect(of?.test).toHaveLength(2);
    expect(ofTraining).toMatchObject({ test: of?.test, validation: of?.validation });
    expect(ofTraining?.training).toEqual([...(of?.weights ?? []), ...(of?.architecture ?? [])]);
    for (const name of of?.test ?? []) {
      const hashOf = async (folder: string) =>
        createHash("sha256")
          .update(await readFile(join(folder, name)))
          .digest("hex");
      expect(split?.files?.[name]).toEqual([await hashOf(clean), await hashOf(noisy)]);
    }
  });

  it("never reaches the compute process, neither at the start nor when the run is taken up again", async () => {
    const { lab, search: id, training } = await startOnPairs();
    for (const run of [id, training]) {
      const { folder } = await lab.showRun(run);
      const paths = getRunPaths(folder);
      const manifest = await readManifest(paths);
      const { photos, test } = planRun(manifest, null, await findPhotos(manifest.dataset))(paths);
      const sent = photos.flatMap(([, members]) => members.map(({ name }) => name));
      expect(test.map(({ name }) => name)).toEqual((await lab.readRunSplit(run))?.parts.test);
      expect(sent).toHaveLength(6);
      for (const { name } of test) expect(sent).not.toContain(name);
    }
  });

  it("is asked of no run that was begun before splits were written down", async () => {
    const { lab, training } = await startOnPairs();
    await rm(getRunPaths((await lab.showRun(training)).folder).split);
    expect(await lab.readRunSplit(training)).toBeNull();
    await expect(lab.findRunLeaks(training)).rejects.toThrow(/has no weights .* begun before runs wrote down/);
  });

  it("must leave photos to learn from, and no run is made where it does not", async () => {
    const { home, photos } = await prepare();
    const { lab } = openLab(home);
    const config = search(photos);
    const wanted = { ...config, data: { ...config.data, test: { kind: "count", photos: 4, seed: 0 } as const } };
    await expect(lab.startSearch(wanted)).rejects.toThrow(/data\.test takes 4 of 6 photos: .* got 2/);
    expect(await lab.listRuns()).toEqual([]);
  });

  it("is searched for near-duplicates of what the run learns from", async () => {
    const folder = await writePhotos(await makeFolder(), 8, 96);
    const { lab } = openLab(await makeFolder());
    const tested = "photo-00.png";
    await writeFile(join(folder, "again.png"), await readFile(join(folder, tested)));
    await lab.addDataset({ name: "mine", folder, noisyFolder: null });
    const data = { dataset: "mine", test: { kind: "list", names: [tested] } };
    const { id } = await lab.startSearch(searchConfigSchema.parse({ data, space: { layers: 2, nodes: 2 } }));
    await lab.waitForRun(id);
    const found = expect.objectContaining({ test: tested, training: "again.png" });
    expect((await lab.findRunLeaks(id)).pairs).toContainEqual(found);
    const ofSet = { training: "mine", test: "mine", testPart: { kind: "list", names: [tested] } as const };
    expect((await lab.findLeaks(ofSet)).pairs).toContainEqual(found);
  });
});

/** A search and a training, of another seed, on eight pairs of which two are kept for a test. */
async function startOnPairs() {
  const clean = await writePhotos(await makeFolder(), 8);
  const noisy = await writePhotos(await makeFolder(), 8);
  for (const name of ["photo-00.png", "photo-07.png"]) {
    await writeFile(join(noisy, name), await readFile(join(noisy, "photo-03.png")));
  }
  const { lab } = openLab(await makeFolder());
  await lab.addDataset({ name: "pairs", folder: clean, noisyFolder: noisy });
  const common = { data: { dataset: "pairs", test: TEST }, noise: { kind: "paired" } };
  const found = await lab.startSearch(searchConfigSchema.parse({ ...common, space: { layers: 2, nodes: 2 } }));
  await lab.waitForRun(found.id);
  const trained = await lab.startTraining(
    trainConfigSchema.parse({ ...common, seed: 5, training: { steps: 40 } }),
    TINY_GENOTYPE,
  );
  await lab.waitForRun(trained.id);
  return { lab, clean, noisy, search: found.id, training: trained.id };
}
