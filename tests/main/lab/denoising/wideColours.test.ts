import { readFile } from "node:fs/promises";
import { join } from "node:path";

import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { embedInPng } from "#main/photos/embedInPng.ts";
import { inThread } from "#main/photos/threads/inThread.ts";
import { denoisedFileSchema, denoiseRequestSchema } from "#shared/api/denoising.ts";
import type { Lab } from "#shared/api/lab.ts";
import { pictureRefSchema } from "#shared/api/pictures.ts";
import { makeIccProfile } from "#tests/helpers/iccProfile.ts";
import { makeFolder, openLab, writePhotos } from "#tests/helpers/labHome.ts";
import { trainModel } from "#tests/helpers/trainedModel.ts";

const SIDE = 24;
const cleanUps: (() => Promise<void>)[] = [];
const onEnd = (cleanUp: () => Promise<void>): void => void cleanUps.unshift(cleanUp);
let lab: Lab;
let model: string;
beforeAll(async () => {
  ({ lab } = openLab(await makeFolder(onEnd), onEnd));
  model = (await trainModel(lab, await writePhotos(await makeFolder(onEnd), 3))).id;
});
afterAll(async () => {
  for (const cleanUp of cleanUps) await cleanUp();
});

type Profile = "p3" | "adobeRgb" | "proPhoto";
const PROFILES: readonly Profile[] = ["p3", "adobeRgb", "proPhoto"];

async function makeProfile(name: Profile): Promise<Buffer> {
  if (name !== "p3") return makeIccProfile(name);
  const one = sharp({ create: { width: 1, height: 1, channels: 3, background: "red" } });
  return (await sharp(await one.withIccProfile("p3").png().toBuffer()).metadata()).icc ?? Buffer.alloc(0);
}

/** Writes saturated colours, which lie outside sRGB in all three. */
async function writeWidePhoto(name: Profile): Promise<string> {
  const values = Uint8Array.from({ length: SIDE * SIDE * 3 }, (_, i) => (i % 3 === 0 ? 250 - (i % 40) : (i * 7) % 90));
  const png = await sharp(values, { raw: { width: SIDE, height: SIDE, channels: 3 } })
    .png()
    .toBuffer();
  const file = join(await makeFolder(), `${name}.png`);
  await sharp(embedInPng(png, { icc: await makeProfile(name), exif: null, xmp: null }), { ignoreIcc: true })
    .keepIccProfile()
    .png()
    .toFile(file);
  return file;
}

const asStored = (bytes: Uint8Array) => sharp(bytes, { ignoreIcc: true }).raw().toBuffer();
const asSeen = (bytes: Uint8Array) => sharp(bytes).toColourspace("srgb").raw().toBuffer();

describe("a photo with a wide profile", () => {
  it.each(PROFILES)("is previewed as it is saved, pixel by pixel and by the same profile: %s", async (name) => {
    const source = await writeWidePhoto(name);
    const { id: task } = await lab.startDenoise(denoiseRequestSchema.parse({ models: [model], inputs: [source] }));
    const find = async () => (await lab.listTasks()).find(({ id }) => id === task);
    await expect.poll(async () => (await find())?.endedAt, { timeout: 120_000 }).not.toBeNull();
    const wish = { task, item: 0, strength: 0.5 };
    const saved = await lab.renderDenoised(denoisedFileSchema.parse(wish));
    const shown = await lab.readPicture(pictureRefSchema.parse({ kind: "denoise", view: "output", ...wish }));
    expect((await sharp(shown.bytes).metadata()).icc).toEqual(await makeProfile(name));
    expect((await sharp(saved.bytes).metadata()).icc).toEqual(await makeProfile(name));
    expect((await asStored(shown.bytes)).equals(await asStored(saved.bytes))).toBe(true);
    expect((await asSeen(shown.bytes)).equals(await asSeen(saved.bytes))).toBe(true);
    expect((await asSeen(shown.bytes)).equals(await asStored(shown.bytes))).toBe(false);
  });

  it.each(PROFILES)("comes out of a network that changes nothing with all 65,536 steps: %s", async (name) => {
    const data = Float32Array.from({ length: 65_536 * 3 }, (_, i) => Math.floor(i / 3) / 65_535);
    const photo = { width: 256, height: 256, channels: 3, data } as const;
    const folder = await makeFolder();
    const pixels = await inThread("writePixels", join(folder, "ramp.f32"), photo);
    const file = join(folder, "result");
    const notes = { alpha: null, bitDepth: 16, format: "png", exif: null, xmp: null, channels: 3 } as const;
    const source = { ...notes, icc: await makeProfile(name) };
    for (const [format, strength] of [
      ["png", 1],
      ["tiff", 0.3],
    ] as const) {
      const how = { format, bitDepth: null, strength };
      await inThread("writeResult", file, source, { input: pixels, output: pixels }, how);
      const bytes = await readFile(file);
      const stored = await sharp(bytes, { ignoreIcc: true }).toColourspace("rgb16").raw({ depth: "ushort" }).toBuffer();
      const values = new Uint16Array(stored.buffer, stored.byteOffset, 65_536 * 3);
      expect(values.findIndex((value, i) => value !== Math.floor(i / 3))).toBe(-1);
      expect((await sharp(bytes).metadata()).icc).toEqual(source.icc);
    }
  });
});
