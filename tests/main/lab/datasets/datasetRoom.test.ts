import { mkdir, readdir, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";

import sharp from "sharp";
import { describe, expect, it } from "vitest";

import type { Lab } from "#shared/api/lab.ts";
import { searchConfigSchema } from "#shared/runs/config.ts";

import { makeFolder, openLab, writePhotos } from "#tests/helpers/labHome.ts";

async function importAll(lab: Lab, name: string, folder: string, noisyFolder: string | null = null) {
  const { id } = await lab.importDataset({ name, folder, noisyFolder });
  await expect.poll(async () => (await lab.listTasks())[0]?.endedAt, { timeout: 20_000 }).not.toBeNull();
  return (await lab.listTasks()).find((task) => task.id === id);
}

const page = (dataset: string, offset = 0, limit = 100) => ({ dataset, offset, limit, validationShare: 0.25 });

describe("importing", () => {
  it("goes on in the background with progress, and ends with the data set", async () => {
    const folder = await writePhotos(await makeFolder(), 5);
    const { lab } = openLab(await makeFolder());
    expect(await importAll(lab, "mine", folder)).toMatchObject({
      kind: "import",
      title: "mine",
      state: "finished",
      progress: { done: 5, total: 5, share: 1 },
      outcome: { kind: "import", dataset: "mine" },
    });
    expect(await lab.listDatasets()).toMatchObject([{ name: "mine", photos: 5, unchanged: true, isMissing: false }]);
  });

  it("tells in the task what is wrong with the photos, and at once that a name is taken", async () => {
    const { lab } = openLab(await makeFolder());
    const empty = await makeFolder();
    expect(await importAll(lab, "empty", empty)).toMatchObject({ state: "failed", error: { kind: "bad_data" } });
    await expect(lab.importDataset({ name: "sample", folder: empty, noisyFolder: null })).rejects.toMatchObject({
      kind: "bad_config",
    });
  });

  it("can be cancelled and then registers nothing", async () => {
    const folder = await writePhotos(await makeFolder(), 40, 200);
    const { lab } = openLab(await makeFolder());
    const { id } = await lab.importDataset({ name: "many", folder, noisyFolder: null });
    await lab.cancelTask(id);
    await expect.poll(async () => (await lab.listTasks())[0]?.state).toBe("cancelled");
    expect(await lab.listDatasets()).toEqual([]);
  });
});

describe("the photos of a data set", () => {
  it("are listed page by page with what their files say and their part of the split", async () => {
    const folder = await writePhotos(await makeFolder(), 8);
    await sharp({ create: { width: 30, height: 20, channels: 3, background: "red" } })
      .toColourspace("rgb16")
      .png()
      .toFile(join(folder, "deep.png"));
    await writeFile(join(folder, "broken.png"), "no picture");
    const { lab } = openLab(await makeFolder());
    await lab.addDataset({ name: "mine", folder, noisyFolder: null });
    const { total, photos, split } = await lab.listDatasetPhotos(page("mine", 0, 3));
    expect(total).toBe(9);
    expect(split).toEqual({ weights: 4, architecture: 3, validation: 2, test: 0 });
    expect(photos).toMatchObject([
      { name: "deep.png", width: 30, height: 20, channels: 3, bitDepth: 16, hasNoisy: false, part: "weights" },
      { name: "photo-00.png", width: 24, height: 24, channels: 1, bitDepth: 8, part: "weights" },
      { name: "photo-01.png" },
    ]);
    expect(photos[0]?.bytes).toBeGreaterThan(50);
    const last = await lab.listDatasetPhotos(page("mine", 7));
    expect(last.photos.map(({ name, part }) => [name, part])).toEqual([
      ["photo-06.png", "validation"],
      ["photo-07.png", "validation"],
    ]);
  });

  it("are those that a search gets, pairs included", async () => {
    const clean = await writePhotos(await makeFolder(), 4);
    const noisy = await writePhotos(await makeFolder(), 5);
    await rename(join(noisy, "photo-02.png"), join(noisy, "else.png"));
    const { lab } = openLab(await makeFolder());
    const { photos: count } = await lab.addDataset({ name: "pairs", folder: clean, noisyFolder: noisy });
    const { photos } = await lab.listDatasetPhotos(page("pairs"));
    expect(photos).toHaveLength(count);
    expect(photos.map(({ name, hasNoisy }) => [name, hasNoisy])).toEqual([
      ["photo-00.png", true],
      ["photo-01.png", true],
      ["photo-03.png", true],
    ]);
  });

  it("of the built-in set are listed too", async () => {
    const { lab } = openLab(await makeFolder());
    const { total, photos } = await lab.listDatasetPhotos(page("sample", 60));
    expect(total).toBe(64);
    expect(photos).toHaveLength(4);
    expect(photos[0]).toMatchObject({ name: "sample-060", width: 256, channels: 3, bytes: null });
  });
});

describe("a data set whose folder has moved", () => {
  it("is shown as missing, and can be told where it is now", async () => {
    const folder = await writePhotos(await makeFolder(), 4);
    const home = await makeFolder();
    const { lab } = openLab(home);
    await lab.addDataset({ name: "mine", folder, noisyFolder: null });
    const moved = join(await makeFolder(), "moved");
    await rename(folder, moved);
    await mkdir(folder);
    expect(await lab.listDatasets()).toMatchObject([{ unchanged: false, isMissing: false }]);
    const report = await lab.relocateDataset("mine", { folder: moved, noisyFolder: null });
    expect(report).toMatchObject({ name: "mine", folder: moved, photos: 4, unchanged: true, isMissing: false });
    expect(await lab.listDatasets()).toEqual([report]);
  });

  it("refuses another folder's photos", async () => {
    const { lab } = openLab(await makeFolder());
    await lab.addDataset({ name: "mine", folder: await writePhotos(await makeFolder(), 4), noisyFolder: null });
    const other = await writePhotos(await makeFolder(), 3);
    await expect(lab.relocateDataset("mine", { folder: other, noisyFolder: null })).rejects.toMatchObject({
      kind: "bad_data",
      message: expect.stringContaining("must hold the same 4 photos that were added as mine, got 3 others"),
    });
  });

  it("lets a run go on that began at the old place", async () => {
    const folder = await writePhotos(await makeFolder(), 4);
    const { lab } = openLab(await makeFolder());
    await lab.addDataset({ name: "mine", folder, noisyFolder: null });
    const config = searchConfigSchema.parse({ name: "diverge at 17", data: { dataset: "mine" } });
    const { id } = await lab.startSearch(config);
    await lab.waitForRun(id);
    const moved = join(await makeFolder(), "moved");
    await rename(folder, moved);
    await mkdir(folder);
    await expect(lab.resumeRun(id)).rejects.toMatchObject({ kind: "bad_data" });
    await lab.relocateDataset("mine", { folder: moved, noisyFolder: null });
    await lab.resumeRun(id);
    expect((await lab.waitForRun(id)).reason).toContain("diverged at step 17");
  });
});

describe("removing a data set", () => {
  it("forgets it and leaves its photos, also after the database was made anew", async () => {
    const folder = await writePhotos(await makeFolder(), 3);
    const { lab } = openLab(await makeFolder());
    await lab.addDataset({ name: "mine", folder, noisyFolder: null });
    await lab.removeDataset("mine");
    expect(await lab.listDatasets()).toEqual([]);
    await lab.rebuildStore();
    expect(await lab.listDatasets()).toEqual([]);
    expect(await readdir(folder)).toHaveLength(3);
    await expect(lab.removeDataset("mine")).rejects.toMatchObject({ kind: "not_found" });
  });
});

describe("looking into folders", () => {
  it("shows folders and counts photos, and nothing hidden", async () => {
    const folder = await writePhotos(await makeFolder(), 2);
    await mkdir(join(folder, "inner"));
    await mkdir(join(folder, ".hidden"));
    await writeFile(join(folder, "notes.txt"), "");
    const { lab } = openLab(await makeFolder());
    expect(await lab.browseFolder(folder)).toMatchObject({ folder, folders: ["inner"], photos: 2 });
    expect((await lab.browseFolder("/")).parent).toBeNull();
    await expect(lab.browseFolder(join(folder, "no"))).rejects.toMatchObject({ kind: "not_found" });
  });
});
