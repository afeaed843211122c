import { readFile, rm, utimes, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";

import { describe, expect, it } from "vitest";

import { evaluationConfigSchema } from "#shared/runs/config.ts";

import { makeFolder, openLab, writePhotos } from "#tests/helpers/labHome.ts";
import { trainModel } from "#tests/helpers/trainedModel.ts";

async function prepare() {
  const home = await makeFolder();
  const folder = await writePhotos(await makeFolder(), 3);
  return { ...openLab(home), home, folder };
}

describe("data sets", () => {
  it("are added under their folder's name and listed as they were found", async () => {
    const { lab, folder } = await prepare();
    await writeFile(join(folder, "notes.txt"), "not a photo");
    const added = await lab.addDataset({ name: null, folder, noisyFolder: null });
    expect(added).toMatchObject({ name: basename(folder), folder, photos: 3, unchanged: true });
    expect(added.fingerprint).toMatch(/^[0-9a-f]{64}$/);
    expect(added.skipped.map(({ file }) => file)).toEqual([join(folder, "notes.txt")]);
    expect(await lab.listDatasets()).toEqual([added]);
  });

  it("are known to a lab that is opened later", async () => {
    const { lab, home, folder } = await prepare();
    const added = await lab.addDataset({ name: "kittens", folder, noisyFolder: null });
    expect(await openLab(home).lab.listDatasets()).toEqual([added]);
  });

  it("are renamed, and still found by what runs call them", async () => {
    const { lab, home, folder } = await prepare();
    await lab.addDataset({ name: "kittens", folder, noisyFolder: null });
    const other = await writePhotos(await makeFolder(), 3, 20);
    await lab.addDataset({ name: "dogs", folder: other, noisyFolder: null });
    await expect(lab.renameDataset("kittens", "dogs")).rejects.toThrow("dogs is already the name of");
    await expect(lab.renameDataset("kittens", "sample")).rejects.toThrow("built-in");
    await lab.renameDataset("kittens", "cats");
    const { lab: next } = openLab(home);
    expect((await next.listDatasets()).map(({ name }) => name)).toEqual(["cats", "dogs"]);
    expect((await next.verifyDataset("kittens")).name).toBe("cats");
    expect(
      (await next.listDatasetPhotos({ dataset: "kittens", offset: 0, limit: 1, validationShare: 0.02 })).total,
    ).toBe(3);
    await next.renameDataset("cats", "kittens");
    expect((await next.verifyDataset("cats")).name).toBe("kittens");
    await next.close();
    for (const suffix of ["", "-wal", "-shm"]) await rm(join(home, `lab.sqlite${suffix}`), { force: true });
    const { lab: rebuilt } = openLab(home);
    await rebuilt.rebuildStore();
    expect((await rebuilt.verifyDataset("cats")).name).toBe("kittens");
  });

  it("report pairs that have no partner", async () => {
    const { lab, folder } = await prepare();
    const noisyFolder = await writePhotos(await makeFolder(), 2);
    const added = await lab.addDataset({ name: "pairs", folder, noisyFolder });
    expect(added).toMatchObject({ photos: 2, noisyFolder, unmatchedNoisy: [] });
    expect(added.unmatchedClean).toEqual(["photo-02.png"]);
  });

  it("count as unchanged where only the time of a file is new", async () => {
    const { lab, folder } = await prepare();
    await lab.addDataset({ name: "kittens", folder, noisyFolder: null });
    await utimes(join(folder, "photo-00.png"), new Date(0), new Date(0));
    expect((await lab.listDatasets())[0]?.unchanged).toBe(true);
  });

  it("count as changed where a photo has other content, is new or is gone", async () => {
    const { lab, folder } = await prepare();
    await lab.addDataset({ name: "kittens", folder, noisyFolder: null });
    const file = join(folder, "photo-00.png");
    const original = await readFile(file);
    await writeFile(file, await readFile(join(folder, "photo-01.png")));
    expect((await lab.listDatasets())[0]?.unchanged).toBe(false);
    expect((await lab.verifyDataset("kittens")).unchanged).toBe(false);
    await writeFile(file, original);
    expect((await lab.verifyDataset("kittens")).unchanged).toBe(true);
    await rm(file);
    expect(await lab.verifyDataset("kittens")).toMatchObject({ unchanged: false, photos: 2 });
  });

  it("are listed as changed where their folder is gone", async () => {
    const { lab, folder } = await prepare();
    await lab.addDataset({ name: "kittens", folder, noisyFolder: null });
    await rm(folder, { recursive: true });
    expect(await lab.listDatasets()).toMatchObject([{ name: "kittens", photos: 3, unchanged: false }]);
  });

  it("are opened without a look at every photo as long as no file has changed", async () => {
    const { lab, folder } = await prepare();
    const file = join(folder, "photo-01.png");
    const [time, bytes] = [new Date(1_000_000_000_000), await readFile(file)];
    await utimes(file, time, time);
    await lab.addDataset({ name: "kittens", folder, noisyFolder: null });
    await writeFile(file, bytes.fill(0, bytes.length / 2));
    await utimes(file, time, time);
    const config = evaluationConfigSchema.parse({ data: { dataset: "kittens" } });
    const model = await trainModel(lab, await writePhotos(await makeFolder(), 3));
    await expect(lab.evaluate(model.id, config, null)).rejects.toThrow("photo photo-01.png: expected");
    await utimes(file, new Date(0), new Date(0));
    expect((await lab.evaluate(model.id, config, null)).images.map(({ name }) => name)).toEqual([
      "photo-00.png",
      "photo-02.png",
    ]);
  });

  it("take a new look when the same folder is added again", async () => {
    const { lab, folder } = await prepare();
    await lab.addDataset({ name: "kittens", folder, noisyFolder: null });
    await rm(join(folder, "photo-00.png"));
    await lab.addDataset({ name: "kittens", folder, noisyFolder: null });
    expect(await lab.listDatasets()).toMatchObject([{ photos: 2, unchanged: true }]);
  });

  it("cannot take a name that belongs to another folder or to the built-in set", async () => {
    const { lab, folder } = await prepare();
    await lab.addDataset({ name: "kittens", folder, noisyFolder: null });
    const other = await writePhotos(await makeFolder(), 1);
    await expect(lab.addDataset({ name: "kittens", folder: other, noisyFolder: null })).rejects.toThrow(
      `kittens is already the name of ${folder}`,
    );
    await expect(lab.addDataset({ name: "sample", folder, noisyFolder: null })).rejects.toThrow("choose another name");
  });

  it("are not added where there is nothing to use, or the name is unknown", async () => {
    const { lab, folder } = await prepare();
    const empty = await makeFolder();
    await expect(lab.addDataset({ name: null, folder: empty, noisyFolder: null })).rejects.toMatchObject({
      kind: "bad_data",
    });
    await lab.addDataset({ name: "kittens", folder, noisyFolder: null });
    await expect(lab.verifyDataset("kitten")).rejects.toThrow("did you mean kittens?");
    expect(await lab.listDatasets()).toHaveLength(1);
  });
});
