import { writeFile } from "node:fs/promises";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { decodePhoto } from "#main/photos/decodePhoto.ts";
import { createPhotoCache } from "#main/photos/photoCache.ts";
import { generateSamplePhoto, SAMPLE_SET } from "#shared/image/sampleSet.ts";
import { makeFolder, writePhotos } from "#tests/helpers/labHome.ts";

describe("the memory of photos", () => {
  it("decodes a photo once, also for those who ask meanwhile", async () => {
    const file = join(await writePhotos(await makeFolder(), 1), "photo-00.png");
    const photos = createPhotoCache();
    const [first, second] = await Promise.all([photos.open(file), photos.open(file)]);
    expect(first.decoded).toEqual(await decodePhoto(file));
    expect(second.decoded).toBe(first.decoded);
    expect((await photos.open(file)).decoded).toBe(first.decoded);
  });

  it("decodes a photo anew that has changed", async () => {
    const folder = await writePhotos(await makeFolder(), 1, 20);
    const file = join(folder, "photo-00.png");
    const photos = createPhotoCache();
    expect((await photos.open(file)).width).toBe(20);
    await writePhotos(folder, 1, 30);
    expect((await photos.open(file)).width).toBe(30);
  });

  it("draws the built-in photos, each once", async () => {
    const photos = createPhotoCache();
    const drawn = await photos.drawSample(2);
    expect(drawn).toEqual(generateSamplePhoto(2, SAMPLE_SET));
    expect(await photos.drawSample(2)).toBe(drawn);
  });

  it("tells what is wrong with a file each time it is asked", async () => {
    const file = join(await makeFolder(), "bad.png");
    const photos = createPhotoCache();
    await expect(photos.open(file)).rejects.toMatchObject({ kind: "not_found" });
    await writeFile(file, "text");
    for (let i = 0; i < 2; i++) await expect(photos.open(file)).rejects.toMatchObject({ kind: "bad_data" });
  });
});
