import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import sharp from "sharp";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { writeHeldOutPhotos, writeNoisyPhoto, writeSampleHeldOut } from "#main/cli/demo/heldOutPhotos.ts";
import { decodePhoto } from "#main/photos/decodePhoto.ts";
import { scanCleanFolder } from "#main/photos/scanDataset.ts";
import { SAMPLE_SET, generateSamplePhoto } from "#shared/image/sampleSet.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "hinas-held-out-"));
});
afterEach(() => rm(folder, { recursive: true }));

/** Writes grey pictures whose every pixel is 10 times their number. */
async function writeFlatPhotos(count: number, side: number): Promise<void> {
  for (let i = 1; i <= count; i += 1) {
    const picture = sharp({
      create: { width: side, height: side, channels: 3, background: `rgb(${i * 10},${i * 10},${i * 10})` },
    });
    await picture.png().toFile(join(folder, `photo-${i}.png`));
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

describe("writeHeldOutPhotos", () => {
  it("holds out the last photos by name and leaves at least three", async () => {
    await writeFlatPhotos(5, 20);
    const { photos } = await scanCleanFolder(folder);
    const files = await writeHeldOutPhotos(photos, join(folder, "test"));
    const values = await Promise.all(files.map(async (file) => (await decodePhoto(file)).photo.data[0] ?? NaN));
    expect(values.map((value) => Math.round(value * 255))).toEqual([40, 50]);
  });

  it("crops large photos", async () => {
    await writeFlatPhotos(4, 500);
    const files = await writeHeldOutPhotos((await scanCleanFolder(folder)).photos, join(folder, "test"));
    const { photo } = await decodePhoto(files[0] ?? "");
    expect([photo.width, photo.height]).toEqual([384, 384]);
  });

  it("refuses a data set that has no photo to spare", async () => {
    await writeFlatPhotos(3, 20);
    const { photos } = await scanCleanFolder(folder);
    await expect(writeHeldOutPhotos(photos, join(folder, "test"))).rejects.toThrow(
      "demo: must have at least 4 usable photos, got 3",
    );
  });
});

describe("writeNoisyPhoto", () => {
  it("adds noise of the given sigma, the same for the same seed", async () => {
    await writeFlatPhotos(12, 64);
    const clean = join(folder, "photo-12.png");
    const [first, second] = [join(folder, "a.png"), join(folder, "b.png")];
    for (const file of [first, second]) await writeNoisyPhoto(clean, { kind: "gaussian", sigma255: 30 }, 7, file);
    const { data } = (await decodePhoto(first)).photo;
    const mean = data.reduce((sum, value) => sum + value, 0) / data.length;
    const variance = data.reduce((sum, value) => sum + (value - mean) ** 2, 0) / data.length;
    expect(Math.sqrt(variance) * 255).toBeCloseTo(30, 0);
    expect((await decodePhoto(second)).photo.data).toEqual(data);
  });
});
