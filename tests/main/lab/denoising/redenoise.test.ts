import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { decodePhoto } from "#main/photos/decodePhoto.ts";
import { denoiseRequestSchema } from "#shared/api/denoising.ts";
import type { Lab } from "#shared/api/lab.ts";
import { crop } from "#shared/image/geometry.ts";

import { largestDifference } from "#tests/helpers/arrays.ts";
import { makeFolder, openLabWithBox, writeColourPhotos, writePhotos } from "#tests/helpers/labHome.ts";
import { readFloats, readPicture } from "#tests/helpers/pictures.ts";
import { writeTinyModel } from "#tests/helpers/shippedModels.ts";

const SIDE = 150;
/** Rounding of 32-bit floats that are summed in another order. */
const SAME = 1e-5;
/** Half a step of a file of 16 bits, and rounding. */
const SIXTEEN_BITS = 2e-5;

const ends: (() => Promise<void>)[] = [];
let lab: Lab;
let photos: string;
let id: { readonly grey: string; readonly colour: string };

beforeAll(async () => {
  const onEnd = (end: () => Promise<void>) => void ends.push(end);
  const folder = await makeFolder(onEnd);
  photos = join(folder, "photos");
  await writePhotos(photos, 2, SIDE);
  await writeColourPhotos(photos, 1, SIDE);
  await writeTinyModel(join(folder, "box"), "grey", { unshuffle: 2 });
  await writeTinyModel(join(folder, "box"), "colour", { imageChannels: 3 });
  ({ lab } = openLabWithBox(join(folder, "home"), join(folder, "box"), onEnd));
  await lab.setPreferences({ denoisingEngine: "onnxruntime" });
  const models = await lab.listModels();
  const find = (name: string) => models.find((model) => model.name === name)?.id ?? "";
  id = { grey: find("grey"), colour: find("colour") };
});
afterAll(async () => {
  for (const end of ends.reverse()) await end();
});

async function denoise(request: Parameters<typeof denoiseRequestSchema.parse>[0]) {
  const { id: task } = await lab.startDenoise(denoiseRequestSchema.parse(request));
  const find = async () => (await lab.listTasks()).find((each) => each.id === task);
  await expect.poll(async () => (await find())?.endedAt, { timeout: 60_000 }).not.toBeNull();
  const { items } = await lab.listDenoiseItems({ task, offset: 0, limit: 100 });
  return { task, items };
}

/** Some rows more than two strips have. */
async function writeTallPhoto(folder: string): Promise<string> {
  const [width, height] = [501, 8009];
  const data = Uint8Array.from({ length: width * height }, (_, p) => 60 + ((p * 7) % 97) + ((p / width) % 60));
  const file = join(folder, "tall.png");
  await sharp(data, { raw: { width, height, channels: 1 } })
    .toColourspace("b-w")
    .png()
    .toFile(file);
  return file;
}

const photo = (name: string) => join(photos, name);
const output = (task: string, item = 0) => readFloats(lab, { kind: "denoise", task, item, view: "output" });

describe("denoising by no named model", () => {
  it("gives each photo the model that fits it, with the reason, and tells a file that is no photo", async () => {
    const bad = await makeFolder();
    await writeFile(join(bad, "broken.png"), "no picture");
    const { items } = await denoise({ models: [], inputs: [bad, photos] });
    const told = items.map(({ name, model, state }) => [name, model, state]);
    expect(told).toEqual([
      ["broken.png", null, "failed"],
      ["colour-00.png", id.colour, "done"],
      ["photo-00.png", id.grey, "done"],
      ["photo-01.png", id.grey, "done"],
    ]);
    expect(items[2]?.why).toMatch(/^grey, trained for grey pictures .* for a grey photo with noise of about \d/);
    expect(items[2]?.engine).toBe("onnxruntime");
  });

  it("writes into a folder by the model that fits each photo", async () => {
    const folder = await makeFolder();
    const { items } = await denoise({ models: [], inputs: [photos, photos], output: { kind: "folder", folder } });
    expect(items.map((item) => item.output)).toEqual([
      join(folder, `colour-00_hinas-${id.colour}.png`),
      join(folder, `photo-00_hinas-${id.grey}.png`),
      join(folder, `photo-01_hinas-${id.grey}.png`),
    ]);
  });

  it("is refused with what can be done where the box is empty", async () => {
    const folder = await makeFolder();
    await mkdir(join(folder, "box"));
    const { lab: bare } = openLabWithBox(join(folder, "home"), join(folder, "box"));
    const wish = bare.startDenoise(denoiseRequestSchema.parse({ models: [], inputs: [photo("photo-00.png")] }));
    await expect(wish).rejects.toMatchObject({ kind: "not_found", message: expect.stringContaining("models import") });
  });
});

describe("denoising anew", () => {
  it("gives for another noise what a task for that noise gives, and the first result again for the estimate", async () => {
    const inputs = [photo("photo-00.png")];
    const { task } = await denoise({ models: [id.grey], inputs });
    const before = await output(task);
    const { task: other } = await denoise({ models: [id.grey], inputs, sigma255: 5 });
    expect(largestDifference((await output(other)).data, before.data)).toBeGreaterThan(0.001);

    const redone = await lab.redenoise({ task, item: 0, model: id.grey, sigma255: 5 });
    expect(redone).toMatchObject({ model: id.grey, sigma255: 5, revision: 1, state: "done" });
    expect(largestDifference((await output(task)).data, (await output(other)).data)).toBeLessThan(SAME);
    expect((await lab.listDenoiseItems({ task, offset: 0, limit: 1 })).items).toEqual([redone]);

    expect(await lab.redenoise({ task, item: 0, model: id.grey, sigma255: null })).toMatchObject({ sigma255: null });
    expect(largestDifference((await output(task)).data, before.data)).toBeLessThan(SAME);
  });

  it("shows a part before the rest, the same pixels as in the whole, while the last result stays", async () => {
    const { task } = await denoise({ models: [], inputs: [photo("photo-01.png")] });
    const before = await output(task);
    const area = { x: 71, y: 33, width: 41, height: 27 };
    const wish = { task, item: 0, model: id.grey, sigma255: 40 };
    expect(await lab.previewDenoised({ ...wish, area, isQuick: false, shrink: 1 })).toEqual({
      revision: 1,
      area,
      shrink: 1,
    });
    const ref = { kind: "denoise", task, item: 0, view: "preview" } as const;
    const part = await readFloats(lab, { ...ref, revision: 1 });
    expect(await output(task)).toEqual(before);
    await lab.redenoise(wish);
    expect(largestDifference(part.data, crop(await output(task), area).data)).toBeLessThan(SAME);
    await expect(readFloats(lab, { ...ref, revision: 2 })).rejects.toMatchObject({ kind: "not_found" });
    const outside = lab.previewDenoised({ ...wish, area: { ...area, x: SIDE - 40 }, isQuick: false, shrink: 1 });
    await expect(outside).rejects.toThrow("area must lie inside 150x150, got 41x27 at (110, 33)");
  });

  it("gives a large photo, done in blocks, as it is in one go", async () => {
    const folder = await makeFolder();
    const tall = await writeTallPhoto(folder);
    const { task } = await denoise({ models: [id.grey], inputs: [tall], sigma255: 30 });
    const { items } = await denoise({
      models: [id.grey],
      inputs: [tall],
      sigma255: 30,
      output: { kind: "folder", folder, format: "tiff", bitDepth: 16 },
    });
    const { photo: whole } = await decodePhoto(items[0]?.output ?? "");
    const blocks = (await output(task)).data.map((value) => Math.min(1, Math.max(0, value)));
    expect(largestDifference(blocks, whole.data)).toBeLessThan(SIXTEEN_BITS);
    await lab.redenoise({ task, item: 0, model: id.grey, sigma255: 30 });
    const again = (await output(task)).data.map((value) => Math.min(1, Math.max(0, value)));
    expect(largestDifference(again, blocks)).toBeLessThan(SAME);
  });

  it("shows a photo that waits: itself, its size, and a part of it denoised before its turn", async () => {
    const tall = await writeTallPhoto(await makeFolder());
    const inputs = [photo("photo-00.png"), tall];
    const { id: task } = await lab.startDenoise(denoiseRequestSchema.parse({ models: [id.grey], inputs }));
    const source = await readPicture(lab, { kind: "denoise", task, item: 1, view: "source", maxSidePx: 400 });
    expect(await sharp(source.bytes).metadata()).toMatchObject({ width: 25, height: 400 });
    expect(await lab.measureDenoiseItem({ task, item: 1 })).toEqual({ width: 501, height: 8009 });
    const area = { x: 0, y: 3000, width: 501, height: 2000 };
    const wish = { task, item: 1, model: id.grey, sigma255: null };
    const part = await lab.previewDenoised({ ...wish, area, isQuick: true, shrink: 1 });
    if (part === null) throw new Error("a part must have been made");
    expect(part.area.width * part.area.height).toBeLessThanOrEqual(area.width * area.height);
    expect(part.area.y).toBeGreaterThanOrEqual(area.y);
    const ref = { kind: "denoise", task, item: 1, view: "preview", revision: part.revision } as const;
    const preview = await readFloats(lab, ref);
    const find = async () => (await lab.listTasks()).find((each) => each.id === task);
    await expect.poll(async () => (await find())?.state, { timeout: 60_000 }).toBe("finished");
    expect(largestDifference(preview.data, crop(await output(task, 1), part.area).data)).toBeLessThan(SAME);
  });

  it("takes another wish for a photo that is not done yet in place of the first", async () => {
    const tall = await writeTallPhoto(await makeFolder());
    const { id: task } = await lab.startDenoise(denoiseRequestSchema.parse({ models: [id.grey], inputs: [tall] }));
    const redone = await lab.redenoise({ task, item: 0, model: id.grey, sigma255: 40 });
    expect(redone).toMatchObject({ sigma255: 40, state: "done" });
    const find = async () => (await lab.listTasks()).find((each) => each.id === task);
    await expect.poll(async () => (await find())?.state, { timeout: 60_000 }).toBe("finished");
    const { items } = await lab.listDenoiseItems({ task, offset: 0, limit: 1 });
    expect(items[0]).toMatchObject({ sigma255: 40, state: "done" });
  });

  it("drops what a newer wish took the place of", async () => {
    const { task } = await denoise({ models: [id.grey], inputs: [photo("photo-00.png")] });
    const wishes = [10, 20, 30].map((sigma255) => lab.redenoise({ task, item: 0, model: id.grey, sigma255 }));
    const [first, second, third] = await Promise.all(wishes);
    expect([first, second]).toEqual([null, null]);
    expect(third).toMatchObject({ sigma255: 30, revision: 1 });
  });

  it("takes another network, also one for colour on a grey photo, and says so", async () => {
    const request = { inputs: [photo("photo-00.png")], addNoise: { kind: "gaussian", sigma255: 20 } };
    const { task } = await denoise({ models: [id.grey], ...request });
    const { task: other } = await denoise({ models: [id.colour], ...request });
    const redone = await lab.redenoise({ task, item: 0, model: id.colour, sigma255: null });
    expect(redone).toMatchObject({ model: id.colour, why: null, channels: 3, hasClean: true });
    expect(redone?.remarks).toEqual([expect.stringContaining("colour is for colour: the grey photo goes in as three")]);
    expect(largestDifference((await output(task)).data, (await output(other)).data)).toBeLessThan(SAME);
    const clean = { kind: "denoise", item: 0, view: "clean" } as const;
    expect(await readFloats(lab, { ...clean, task })).toEqual(await readFloats(lab, { ...clean, task: other }));

    const chosen = await lab.redenoise({ task, item: 0, model: null, sigma255: null });
    expect(chosen).toMatchObject({ model: id.grey, why: expect.stringContaining("grey, trained for"), channels: 1 });
  });

  it("warns of noise beyond what the network was trained for", async () => {
    const { task } = await denoise({ models: [id.grey], inputs: [photo("photo-00.png")] });
    const redone = await lab.redenoise({ task, item: 0, model: id.grey, sigma255: 75 });
    expect(redone?.remarks).toEqual(["the photo is said to have noise 75, and grey was trained for 0 to 50"]);
  });

  it("is refused for what is not kept to look at", async () => {
    const wish = { item: 0, model: null, sigma255: null };
    await expect(lab.redenoise({ task: "gone", ...wish })).rejects.toMatchObject({ kind: "not_found" });
    const { task } = await denoise({
      models: [],
      inputs: [photos],
      output: { kind: "folder", folder: await makeFolder() },
    });
    await expect(lab.redenoise({ task, ...wish })).rejects.toThrow("no result to look at");
  });
});
