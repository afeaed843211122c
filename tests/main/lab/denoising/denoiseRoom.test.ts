import { access, mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";

import sharp from "sharp";
import { describe, expect, it } from "vitest";

import { decodePhoto } from "#main/photos/decodePhoto.ts";
import { denoisedFileSchema, denoiseRequestSchema } from "#shared/api/denoising.ts";
import type { Lab } from "#shared/api/lab.ts";
import type { Task } from "#shared/api/tasks.ts";
import { gaussianBlur } from "#shared/image/gaussianBlur.ts";
import { computePsnr } from "#shared/image/psnr.ts";
import { trainConfigSchema } from "#shared/runs/config.ts";

import { makeFolder, openLab, writePhotos } from "#tests/helpers/labHome.ts";
import { readFloats, readPicture } from "#tests/helpers/pictures.ts";
import { TINY_GENOTYPE } from "#tests/helpers/tinyGenotype.ts";
import { trainModel } from "#tests/helpers/trainedModel.ts";

async function prepare() {
  const photos = await writePhotos(await makeFolder(), 3);
  const { lab } = openLab(await makeFolder());
  const model = await trainModel(lab, photos);
  return { lab, photos, model };
}

async function denoise(lab: Lab, request: Parameters<typeof denoiseRequestSchema.parse>[0]): Promise<Task> {
  const { id } = await lab.startDenoise(denoiseRequestSchema.parse(request));
  const find = async () => (await lab.listTasks()).find((task) => task.id === id);
  await expect.poll(async () => (await find())?.endedAt, { timeout: 20_000 }).not.toBeNull();
  const task = await find();
  if (task === undefined) throw new Error("the task is gone");
  return task;
}

const itemsOf = (lab: Lab, task: Task) => lab.listDenoiseItems({ task: task.id, offset: 0, limit: 100 });

describe("denoising to look at", () => {
  it("keeps what went in and what came out, value by value, and any part of it", async () => {
    const { lab, photos, model } = await prepare();
    const task = await denoise(lab, { models: [model.id], inputs: [join(photos, "photo-01.png")] });
    expect(task).toMatchObject({ state: "finished", outcome: { kind: "denoise", done: 1, failed: 0 } });
    const { photo } = await decodePhoto(join(photos, "photo-01.png"));
    const wish = { kind: "denoise", task: task.id, item: 0 } as const;
    expect(await readFloats(lab, { ...wish, view: "input" })).toEqual(photo);
    const output = await readFloats(lab, { ...wish, view: "output" });
    expect(output).toEqual(gaussianBlur(photo, 1));
    const region = { x: 3, y: 5, width: 4, height: 2 };
    const part = await readFloats(lab, { ...wish, view: "output", region });
    const rows = [5, 6].flatMap((y) => [...output.data.slice(y * 24 + 3, y * 24 + 7)]);
    expect([...part.data]).toEqual(rows);
    expect((await readPicture(lab, { ...wish, view: "output", maxSidePx: 16 })).type).toBe("image/png");
  });

  it("has a clean photo and an error map where noise was added, and says so where none was", async () => {
    const { lab, photos, model } = await prepare();
    const input = join(photos, "photo-01.png");
    const noisy = await denoise(lab, {
      models: [model.id],
      inputs: [input],
      addNoise: { kind: "gaussian", sigma255: 30 },
    });
    const wish = { kind: "denoise", task: noisy.id, item: 0 } as const;
    const clean = await readFloats(lab, { ...wish, view: "clean" });
    expect(computePsnr(await readFloats(lab, { ...wish, view: "input" }), clean)).toBeLessThan(21);
    const output = await readFloats(lab, { ...wish, view: "output" });
    const { items } = await itemsOf(lab, noisy);
    const clipped = { ...output, data: output.data.map((value) => Math.min(1, Math.max(0, value))) };
    expect(items[0]?.psnrDb?.denoised).toBeCloseTo(computePsnr(clipped, clean), 4);
    expect(items[0]?.psnrDb?.noisy).toBeCloseTo(
      computePsnr(await readFloats(lab, { ...wish, view: "input" }), clean),
      4,
    );
    const error = await readFloats(lab, { ...wish, view: "error", gain: 4 });
    expect(error.data[7]).toBeCloseTo(0.5 + 2 * ((output.data[7] ?? 0) - (clean.data[7] ?? 0)), 5);
    const plain = await denoise(lab, { models: [model.id], inputs: [input] });
    const missing = readPicture(lab, { kind: "denoise", task: plain.id, item: 0, view: "clean" });
    await expect(missing).rejects.toThrow("no noise was added");
  });

  it("denoises by several models, photo by photo, and goes on after a bad file", async () => {
    const { lab, photos, model } = await prepare();
    const other = await trainModel(lab, photos, "other");
    await writeFile(join(photos, "broken.png"), "no picture");
    const task = await denoise(lab, { models: [model.id, other.id], inputs: [photos] });
    expect(task).toMatchObject({ state: "finished", outcome: { done: 6, failed: 2 } });
    const { total, items } = await itemsOf(lab, task);
    expect(total).toBe(8);
    expect(
      items.map(({ name, model: by, state }) => `${name} ${by === model.id ? "first" : "other"} ${state}`),
    ).toEqual([
      "broken.png first failed",
      "broken.png other failed",
      ...["00", "01", "02"].flatMap((n) => [`photo-${n}.png first done`, `photo-${n}.png other done`]),
    ]);
    expect(items[0]?.error).toContain("broken.png");
    expect(items[2]).toMatchObject({ width: 24, height: 24, channels: 1, bitDepth: 8 });
    expect(items[2]?.estimatedSigma255).toBeGreaterThan(0);
  });

  it("takes photos of data sets, the built-in one included", async () => {
    const { lab, model } = await prepare();
    const task = await denoise(lab, { models: [model.id], inputs: [{ dataset: "sample", photo: "sample-003" }] });
    expect((await itemsOf(lab, task)).items).toMatchObject([{ name: "sample-003", width: 256, channels: 3 }]);
    const saved = await lab.renderDenoised(denoisedFileSchema.parse({ task: task.id, item: 0, strength: 0 }));
    expect(saved.name).toMatch(/^sample-003_hinas-[0-9a-f]{8}\.png$/);
  });

  it("passes over a folder without photos among others, and says why nothing is left", async () => {
    const { lab, photos, model } = await prepare();
    const bare = await makeFolder();
    const task = await denoise(lab, { models: [model.id], inputs: [bare, photos] });
    expect(task).toMatchObject({ state: "finished", outcome: { done: 3, failed: 0 } });
    const nothing = denoise(lab, { models: [model.id], inputs: [bare] });
    await expect(nothing).rejects.toMatchObject({ kind: "bad_data", message: expect.stringContaining("empty folder") });
  });

  it("takes no photo that a link in a data set leads out to", async () => {
    const { lab, photos, model } = await prepare();
    const outside = await writePhotos(await makeFolder(), 1);
    await symlink(join(outside, "photo-00.png"), join(photos, "zz-link.png"));
    await lab.addDataset({ name: "mine", folder: photos, noisyFolder: null });
    const inputs = [{ dataset: "mine", photo: "zz-link.png" }];
    for (const output of [{ kind: "look" }, { kind: "folder", folder: null }]) {
      const request = denoiseRequestSchema.parse({ models: [model.id], inputs, output });
      await expect(lab.startDenoise(request)).rejects.toMatchObject({ kind: "permission" });
    }
  });

  it("refuses models and photos that cannot be found before anything begins", async () => {
    const { lab, photos } = await prepare();
    const start = (request: object) => lab.startDenoise(denoiseRequestSchema.parse(request));
    const input = join(photos, "photo-01.png");
    await expect(start({ models: ["ZZZ"], inputs: [input] })).rejects.toMatchObject({ kind: "not_found" });
    const [run] = await lab.listRuns();
    await expect(start({ models: [run?.id], inputs: [join(photos, "no.png")] })).rejects.toMatchObject({
      kind: "not_found",
    });
    expect(await lab.listTasks()).toEqual([]);
  });

  it("forgets the pictures of a dismissed task", async () => {
    const { lab, photos, model } = await prepare();
    const task = await denoise(lab, { models: [model.id], inputs: [photos] });
    await lab.dismissTask(task.id);
    await expect(itemsOf(lab, task)).rejects.toMatchObject({ kind: "not_found" });
  });
});

describe("saving a result", () => {
  it("blends by strength and keeps the source's depth and profile, or takes what is wished", async () => {
    const { lab, photos, model } = await prepare();
    const source = join(photos, "deep.png");
    const values = Uint16Array.from({ length: 24 * 24 }, (_, i) => 1000 + 97 * i);
    await sharp(values, { raw: { width: 24, height: 24, channels: 1 } })
      .toColourspace("grey16")
      .withExif({ IFD0: { Artist: "me" } })
      .png()
      .toFile(source);
    const task = await denoise(lab, { models: [model.id], inputs: [source] });
    const wish = { task: task.id, item: 0, strength: 0, format: null, bitDepth: null } as const;
    const folder = await makeFolder();
    await lab.saveDenoised({ ...wish, file: join(folder, "same.png"), overwrite: false });
    const same = await decodePhoto(join(folder, "same.png"));
    expect(same.bitDepth).toBe(16);
    expect([...same.photo.data]).toEqual([...(await decodePhoto(source)).photo.data]);
    expect(Buffer.from(same.exif ?? []).toString()).toContain("me");
    await lab.saveDenoised({
      ...wish,
      strength: 1,
      format: "tiff",
      bitDepth: 8,
      file: join(folder, "x.tif"),
      overwrite: false,
    });
    expect(await decodePhoto(join(folder, "x.tif"))).toMatchObject({ format: "tiff", bitDepth: 8 });
  });

  it("writes over no file unless told so, and never over the source", async () => {
    const { lab, photos, model } = await prepare();
    const source = join(photos, "photo-01.png");
    const before = await readFile(source);
    const task = await denoise(lab, { models: [model.id], inputs: [source] });
    const wish = { task: task.id, item: 0, strength: 1, format: null, bitDepth: null } as const;
    const file = join(await makeFolder(), "there.png");
    await writeFile(file, "mine");
    await expect(lab.saveDenoised({ ...wish, file, overwrite: false })).rejects.toMatchObject({ kind: "bad_config" });
    expect(await readFile(file, "utf8")).toBe("mine");
    expect(await lab.saveDenoised({ ...wish, file, overwrite: true })).toMatchObject({ file });
    await expect(lab.saveDenoised({ ...wish, file: source, overwrite: true })).rejects.toThrow("is the source");
    expect(await readFile(source)).toEqual(before);
  });

  it("writes never over a photo of a data set, nor over a file that is no photo", async () => {
    const { lab, photos, model } = await prepare();
    await lab.addDataset({ name: "mine", folder: photos, noisyFolder: null });
    const task = await denoise(lab, { models: [model.id], inputs: [join(photos, "photo-01.png")] });
    const save = (file: string) =>
      lab.saveDenoised({
        task: task.id,
        item: 0,
        strength: 1,
        format: null,
        bitDepth: null,
        file,
        overwrite: true,
      });
    await expect(save(join(photos, "photo-02.png"))).rejects.toThrow("is a photo of a data set");
    const database = join(await makeFolder(), "lab.sqlite");
    await writeFile(database, "rows");
    await expect(save(database)).rejects.toThrow("is no photo by its name");
    expect(await readFile(database, "utf8")).toBe("rows");
    const result = join(photos, "photo-01_hinas.png");
    await save(result);
    expect(await save(result)).toMatchObject({ file: result });
  });
});

describe("denoising into a folder", () => {
  it("leaves the data set whose photos it writes beside as it was", async () => {
    const { lab, photos, model } = await prepare();
    await lab.addDataset({ name: "mine", folder: photos, noisyFolder: null });
    const request = { models: [model.id], inputs: [photos], output: { kind: "folder", folder: null } };
    expect(await denoise(lab, request)).toMatchObject({ outcome: { done: 3, failed: 0 } });
    expect(await lab.listDatasets()).toMatchObject([{ name: "mine", photos: 3, unchanged: true }]);
    expect(await lab.verifyDataset("mine")).toMatchObject({ photos: 3, skipped: [], unchanged: true });
    expect(await denoise(lab, { models: [model.id], inputs: [photos] })).toMatchObject({ outcome: { done: 3 } });
  });

  it("keeps the tree, skips what is done and tells the files", async () => {
    const { lab, photos, model } = await prepare();
    await mkdir(join(photos, "inner"));
    await writePhotos(join(photos, "inner"), 1);
    const folder = join(await makeFolder(), "out");
    const request = { models: [model.id], inputs: [photos], output: { kind: "folder", folder } };
    const first = await itemsOf(lab, await denoise(lab, request));
    expect(first.items.map(({ state }) => state)).toEqual(["done", "done", "done", "done"]);
    const inner = first.items.find(({ source }) => source.includes("inner"))?.output ?? "";
    expect(inner.startsWith(join(folder, "inner", "photo-00_hinas-"))).toBe(true);
    await access(inner);
    const again = await itemsOf(lab, await denoise(lab, request));
    expect(new Set(again.items.map(({ state }) => state))).toEqual(new Set(["skipped"]));
  });

  it("refuses photos of the built-in set, which lie in no folder", async () => {
    const { lab, model } = await prepare();
    const request = {
      models: [model.id],
      inputs: [{ dataset: "sample", photo: "sample-003" }],
      output: { kind: "folder", folder: "/x" },
    };
    await expect(lab.startDenoise(denoiseRequestSchema.parse(request))).rejects.toThrow("look at them instead");
  });
});

describe("a run in progress", () => {
  it("does not hold up denoising, which has a process of its own", async () => {
    const { lab, photos, model } = await prepare();
    const waiting = await startWaiting(lab, photos);
    const task = await denoise(lab, { models: [model.id], inputs: [join(photos, "photo-00.png")] });
    expect(task.state).toBe("finished");
    expect((await lab.showRun(waiting)).state).toBe("running");
  });
});

/** Starts a training that waits at its seventh step. */
async function startWaiting(lab: Lab, dataset: string): Promise<string> {
  const config = trainConfigSchema.parse({ name: "wait at 7", data: { dataset } });
  const { id } = await lab.startTraining(config, TINY_GENOTYPE);
  await expect.poll(async () => (await lab.showRun(id)).step, { timeout: 20_000 }).toBe(7);
  return id;
}
