import { execFileSync } from "node:child_process";
import { mkdir, open, readdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { deflateSync } from "node:zlib";

import sharp from "sharp";
import { afterEach, describe, expect, it } from "vitest";

import { decodePhoto, inspectPhoto, makeThumbnail } from "#main/photos/decodePhoto.ts";
import { makeChunk } from "#main/photos/embedInPng.ts";
import { setPhotoBudget } from "#main/photos/photoRoom.ts";
import { scanCleanFolder } from "#main/photos/scanDataset.ts";
import { writeFileAtomically } from "#main/files/writeFileAtomically.ts";
import { denoiseRequestSchema } from "#shared/api/denoising.ts";
import { DEFAULT_PHOTO_BUDGET_MB } from "#shared/image/memoryBudget.ts";

import { makeFolder, openLab, writePhotos } from "#tests/helpers/labHome.ts";
import { trainModel } from "#tests/helpers/trainedModel.ts";

const isUnix = process.platform !== "win32";
/** Colour types of PNG. */
const RGB = 2;
const RGBA = 6;

/** Writes a PNG whose head promises a large picture, with next to nothing behind it. */
async function writeBomb(file: string, [width, height]: readonly [number, number], depth: 8 | 16, colours: number) {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([depth, colours, 0, 0, 0], 8);
  const signature = Buffer.from("\x89PNG\r\n\x1a\n", "latin1");
  const chunks = [makeChunk("IHDR", head), makeChunk("IDAT", deflateSync(Buffer.alloc(600))), makeChunk("IEND")];
  await writeFile(file, Buffer.concat([signature, ...chunks]));
  return file;
}

/** Fills a folder with one photo and everything odd that can be named as one. */
async function makeOddFolder(): Promise<string> {
  const folder = await writePhotos(await makeFolder(), 1);
  execFileSync("mkfifo", [join(folder, "pipe.png")]);
  await symlink(join(folder, "loop.png"), join(folder, "loop.png"));
  await symlink(join(folder, "nowhere"), join(folder, "dangling.png"));
  await mkdir(join(folder, "folder.png"));
  await symlink(join(folder, "folder.png"), join(folder, "link-to-folder.png"));
  await writeFile(join(folder, "empty.png"), "");
  const large = await open(join(folder, "large.png"), "w");
  await large.truncate(3e9);
  await large.close();
  return folder;
}

describe("a photo that is too large", () => {
  afterEach(() => setPhotoBudget(DEFAULT_PHOTO_BUDGET_MB));

  it.each([
    ["16383x16383", [16_383, 16_383], 16, RGBA],
    ["8323112x30", [8_323_112, 30], 8, RGB],
  ] as const)("is refused by its head where it promises %s pixels", async (size, pixels, depth, colours) => {
    const file = await writeBomb(join(await makeFolder(), "bomb.png"), pixels, depth, colours);
    const refused = {
      kind: "bad_data",
      message: expect.stringMatching(new RegExp(`^photo bomb\\.png: .*${size} pixels, .* the settings allow 2,500 MB`)),
    };
    await expect(inspectPhoto(file)).rejects.toMatchObject(refused);
    await expect(decodePhoto(file)).rejects.toMatchObject(refused);
    await expect(makeThumbnail(file, 256)).rejects.toMatchObject(refused);
  });

  it("is opened once the setting allows it", async () => {
    const file = join(await writePhotos(await makeFolder(), 1, 100), "photo-00.png");
    const { lab } = openLab(await makeFolder());
    setPhotoBudget(0.04); // 100 x 100 pixels of one byte, and four as floats, are 0.05 MB
    await expect(decodePhoto(file)).rejects.toMatchObject({ kind: "bad_data" });
    await lab.setPreferences({ photoBudgetMb: 64 });
    expect((await decodePhoto(file)).photo.width).toBe(100);
  });
});

describe.skipIf(!isUnix)("a folder with odd files (skipped on Windows, which has no pipes)", () => {
  it("is taken with its one photo, and says of each other file what it is", async () => {
    const folder = await makeOddFolder();
    const { photos, skipped } = await scanCleanFolder(folder);
    expect(photos.map(({ name }) => name)).toEqual(["photo-00.png"]);
    const reasons = Object.fromEntries(skipped.map(({ file, reason }) => [file.slice(folder.length + 1), reason]));
    expect(reasons).toEqual({
      "pipe.png": expect.stringContaining("got a pipe"),
      "loop.png": expect.stringContaining("its links lead in a circle"),
      "dangling.png": expect.stringContaining("no such file"),
      "link-to-folder.png": expect.stringContaining("got a folder"),
      "empty.png": expect.stringContaining("got an empty file"),
      "large.png": expect.stringContaining("got a file of 3,000 MB"),
    });
  });

  it("is registered, found unchanged and listed page by page", async () => {
    const folder = await makeOddFolder();
    const { lab } = openLab(await makeFolder());
    const { name } = await lab.addDataset({ name: "odd", folder, noisyFolder: null });
    expect(await lab.listDatasets()).toMatchObject([{ name, photos: 1, unchanged: true }]);
    const query = { dataset: name, offset: 0, limit: 10, validationShare: 0.1 };
    expect(await lab.listDatasetPhotos(query)).toMatchObject({ total: 1, photos: [{ name: "photo-00.png" }] });
    await writeFile(join(folder, "photo-00.png"), "");
    const [changed] = (await lab.listDatasetPhotos(query)).photos;
    expect(changed).toMatchObject({ width: null, problem: expect.stringContaining("got an empty file") });
  });

  it("is denoised photo by photo, odd files failing alone", async () => {
    const { lab } = openLab(await makeFolder());
    const { id: model } = await trainModel(lab, await writePhotos(await makeFolder(), 3));
    const inputs = [await makeOddFolder()];
    const request = denoiseRequestSchema.parse({ models: [model], inputs, output: { kind: "folder", folder: null } });
    const { id } = await lab.startDenoise(request);
    const outcome = async () => (await lab.listTasks()).find((task) => task.id === id)?.outcome;
    await expect.poll(outcome).toEqual({ kind: "denoise", done: 1, failed: 6 });
  });
});

describe("a name as long as a name may be", () => {
  const name = `${"n".repeat(230)}.png`;

  it("is no hindrance to a photo's result", async () => {
    const photos = await writePhotos(await makeFolder(), 3);
    const { lab } = openLab(await makeFolder());
    const { id: model } = await trainModel(lab, photos);
    const folder = await makeFolder();
    await sharp(join(photos, "photo-00.png")).toFile(join(folder, name));
    const how = { addNoise: null, noiseSeed: 0, sigma255: null, strength: 1, format: null, bitDepth: null } as const;
    const input = {
      model,
      inputs: [join(folder, name)],
      outputFolder: null,
      memoryBudgetMb: 640,
      selfEnsemble: false,
      device: null,
    };
    const [done] = await lab.denoise({ ...input, ...how }, () => undefined);
    expect(done).toMatchObject({ error: null });
    expect(await readdir(folder)).toHaveLength(2);
  });

  it("is written as a whole, and one that is too long is said to be", async () => {
    const folder = await makeFolder();
    await writeFileAtomically(join(folder, "ü".repeat(127)), "x");
    expect(await readdir(folder)).toEqual(["ü".repeat(127)]);
    const tooLong = writeFileAtomically(join(folder, "n".repeat(256)), "x");
    await expect(tooLong).rejects.toMatchObject({ kind: "bad_data", message: expect.stringContaining("too long") });
    expect(await readdir(folder)).toHaveLength(1);
  });

  it("below a file tells of that, not of what was to be cleaned up", async () => {
    const file = join(await makeFolder(), "file");
    await writeFile(file, "x");
    await expect(writeFileAtomically(join(file, "a.bin"), "x")).rejects.toMatchObject({ kind: "not_found" });
  });
});

it("a CMYK photo is refused in words of photos, by its name alone", async () => {
  const folder = await makeFolder();
  const file = join(folder, "print.jpg");
  const picture = sharp({ create: { width: 8, height: 8, channels: 3, background: "red" } });
  await picture.toColourspace("cmyk").jpeg().toFile(file);
  const message =
    "photo print.jpg: expected a PNG, TIFF, JPEG, WebP or AVIF photo, got a picture in the colour space CMYK without a profile of its colours; convert it to grey or RGB first";
  await expect(decodePhoto(file)).rejects.toMatchObject({ kind: "bad_data", message });
});
