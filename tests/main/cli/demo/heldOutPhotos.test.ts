import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import sharp from "sharp";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { writeCrops, writeNoisyPhoto, writeSampleHeldOut } from "#main/cli/demo/heldOutPhotos.ts";
import { decodePhoto } from "#main/photos/decodePhoto.ts";
import { listDataset } from "#main/photos/listDataset.ts";
import { listPhotos } from "#main/photos/listPhotos.ts";
import { SAMPLE_SET, generateSamplePhoto } from "#shared/image/sampleSet.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "hinas-held-out-"));
});
afterEach(() => rm(folder, { recursive: true }));

/** Writes grey pictures whose every pixel is their number, 10 times that where they are few. */
async function writeFlatPhotos(count: number, side: number): Promise<void> {
  for (let i = 1; i <= count; i += 1) {
    const value = count > 25 ? i : i * 10;
    const picture = sharp({
      create: { width: side, height: side, channels: 3, background: `rgb(${value},${value},${value})` },
    });
    await picture.png().toFile(join(folder, `photo-${String(i).padStart(3, "0")}.png`));
  }
}

describe("writeSampleHeldOut", () => {
  it("writes pictures that follow those of the sample set, to 16 bits", async () => {
    const files = await writeSampleHeldOut(join(folder, "test"));
    const { photo, bitDepth } = await decodePhoto(files[0] ?? "");
    const drawn = generateSamplePhoto(SAMPLE_SET.photos, SAMPLE_SET);
    expect(bitDepth).toBe(16);
    const largest = photo.data.reduce(
      (worst, value, i) => Math.max(worst, Math.abs(value - (drawn.data[i] ?? NaN))),
      0,
    );
    expect(largest).toBeLessThan(1e-5);
  });
});

describe("writeCrops", () => {
  const write = async () => {
    const photos = await listDataset(folder, null, new Set());
    const heldOut = await writeCrops(photos, join(folder, "training"), join(folder, "test"));
    const training = (await listPhotos(join(folder, "training"))).photos.map(({ file }) => file);
    return { training, heldOut };
  };
  const read = async (files: readonly string[]) => {
    const values = await Promise.all(files.map(async (file) => (await decodePhoto(file)).photo.data[0] ?? NaN));
    return values.map((value) => Math.round(value * 255));
  };

  it("holds out the last photos by name and leaves at least three to train on", async () => {
    await writeFlatPhotos(5, 20);
    const { training, heldOut } = await write();
    expect(await read(training)).toEqual([10, 20, 30]);
    expect(await read(heldOut)).toEqual([40, 50]);
  });

  it("takes the first 64 of many photos and the last four", async () => {
    await writeFlatPhotos(100, 4);
    const { training, heldOut } = await write();
    expect(await read(training)).toEqual(Array.from({ length: 64 }, (_, i) => i + 1));
    expect(await read(heldOut)).toEqual([97, 98, 99, 100]);
  });

  it("crops large photos, to train on and held out", async () => {
    await writeFlatPhotos(4, 500);
    const { training, heldOut } = await write();
    for (const file of [...training, ...heldOut]) {
      const { photo } = await decodePhoto(file);
      expect([photo.width, photo.height]).toEqual([384, 384]);
    }
  });

  it("passes over a damaged photo", async () => {
    await writeFlatPhotos(5, 20);
    await writeFile(join(folder, "photo-002.png"), "no picture");
    expect(await read((await write()).training)).toEqual([10, 30, 40]);
  });

  it("refuses a data set that has no photo to spare", async () => {
    await writeFlatPhotos(3, 20);
    await expect(write()).rejects.toThrow("a demo needs at least 4 usable photos, got 3");
  });
});

describe("writeNoisyPhoto", () => {
  it("adds noise of the given sigma, the same for the same seed", async () => {
    await writeFlatPhotos(12, 64);
    const clean = join(folder, "photo-012.png");
    const [first, second] = [join(folder, "a.png"), join(folder, "b.png")];
    for (const file of [first, second]) await writeNoisyPhoto(clean, { kind: "gaussian", sigma255: 30 }, 7, file);
    const { data } = (await decodePhoto(first)).photo;
    const mean = data.reduce((sum, value) => sum + value, 0) / data.length;
    const variance = data.reduce((sum, value) => sum + (value - mean) ** 2, 0) / data.length;
    expect(Math.sqrt(variance) * 255).toBeCloseTo(30, 0);
    expect((await decodePhoto(second)).photo.data).toEqual(data);
  });
});
