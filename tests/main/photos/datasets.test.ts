import { chmod, cp, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import sharp from "sharp";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { readPixels } from "#main/files/pixelFile.ts";
import { fingerprintDataset } from "#main/photos/fingerprintDataset.ts";
import { listPhotos } from "#main/photos/listPhotos.ts";
import { loadNamed, writeNamed } from "#main/photos/loadPhotos.ts";
import { keepRoom } from "#main/photos/photoRoom.ts";
import { type DatasetPhoto, scanCleanFolder, scanPairs, scanSampleSet } from "#main/photos/scanDataset.ts";
import { makeTogether } from "#main/photos/threads/inThread.ts";
import type { NamedPhoto } from "#shared/image/photo.ts";
import { SAMPLE_SET, generateSamplePhoto } from "#shared/image/sampleSet.ts";
import { toGrey } from "#shared/image/grey.ts";

import { CAN_BE_REFUSED, findRefusal } from "#tests/helpers/refusal.ts";
import { writePhotos } from "#tests/helpers/labHome.ts";

const CAMERA_PAIRS = "../shared/datasets/cc_real";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "hinas-data-"));
});
afterEach(async () => rm(folder, { recursive: true }));

async function putPhoto(name: string, width = 8, height = 6, seed = 0): Promise<void> {
  const file = join(folder, name);
  await mkdir(dirname(file), { recursive: true });
  const values = Uint8Array.from({ length: width * height * 3 }, (_, i) => (i * 31 + seed * 17) % 256);
  await sharp(values, { raw: { width, height, channels: 3 } })
    .png()
    .toFile(file);
}

async function putFile(name: string, content: string | Uint8Array): Promise<void> {
  await mkdir(dirname(join(folder, name)), { recursive: true });
  await writeFile(join(folder, name), content);
}

const names = (scan: { photos: readonly { name: string }[] }) => scan.photos.map((photo) => photo.name);
/** Lets a thread load photos one after the other. */
async function loadAll(photos: readonly DatasetPhoto[], channels: 1 | 3): Promise<readonly NamedPhoto[]> {
  const loaded: NamedPhoto[] = [];
  for (const photo of photos) loaded.push(await keepRoom(async () => makeTogether(await loadNamed(photo, channels))));
  return loaded;
}

const badData = (detail: string): unknown =>
  expect.objectContaining({ kind: "bad_data", message: expect.stringContaining(detail) });

describe("listPhotos", () => {
  it("lists photos of all folders below in the order of their names' code units", async () => {
    for (const name of ["b.png", "a/z.PNG", "10.png", "9.png", "B.png", "a/b/c.png"]) await putPhoto(name);
    const { photos } = await listPhotos(folder);
    expect(names({ photos })).toEqual(["10.png", "9.png", "B.png", "a/b/c.png", "a/z.PNG", "b.png"]);
    expect(photos[0]?.file).toBe(join(folder, "10.png"));
  });

  it("reports other files and passes over hidden ones", async () => {
    await putPhoto("a.png");
    await putPhoto(".thumbnails/a.png");
    await putFile(".DS_Store", "");
    await putFile("notes.txt", "hello");
    const { photos, skipped } = await listPhotos(folder);
    expect(names({ photos })).toEqual(["a.png"]);
    expect(skipped).toEqual([
      { file: join(folder, "notes.txt"), reason: expect.stringContaining("not named as a PNG") },
    ]);
  });

  it("passes over denoised results, however they were named", async () => {
    const results = ["_hinas", "_hinas-3", "_hinas-0123abcd", "_hinas-0123abcd-s0.5", "_hinas-0123abcd-noisy"];
    for (const name of ["a.png", "a_hinas_b.png", ...results.map((ending) => `a${ending}.png`)]) await putPhoto(name);
    const { photos, skipped } = await listPhotos(folder);
    expect(names({ photos })).toEqual(["a.png", "a_hinas_b.png"]);
    expect(skipped).toEqual([]);
  });

  it.skipIf(process.platform === "win32")("follows links to photos", async () => {
    await putPhoto("real/a.png");
    await mkdir(join(folder, "linked"));
    await symlink(join(folder, "real/a.png"), join(folder, "linked/b.png"));
    expect(names(await listPhotos(join(folder, "linked")))).toEqual(["b.png"]);
  });

  it("refuses a missing folder, a file, an empty folder and one without photos, saying which", async () => {
    await expect(listPhotos(join(folder, "none"))).rejects.toThrow(badData("no such file or folder"));
    await expect(listPhotos(folder)).rejects.toThrow(badData("got an empty folder"));
    await putFile("notes.txt", "hello");
    await expect(listPhotos(folder)).rejects.toThrow(badData("got 1 other file(s)"));
    await expect(listPhotos(join(folder, "notes.txt"))).rejects.toThrow(badData("expected a folder, got a file"));
  });

  it.skipIf(!CAN_BE_REFUSED)(
    "says that a closed folder may not be read (skipped where a process without rights cannot read this checkout)",
    async () => {
      await chmod(folder, 0);
      const imports = 'import { listPhotos } from "#main/photos/listPhotos.ts";';
      expect(findRefusal(imports, "await listPhotos(path)", folder)).toBe("permission");
      await chmod(folder, 0o700);
    },
  );
});

describe("scanCleanFolder", () => {
  it("leaves damaged photos out and says why", async () => {
    await putPhoto("a.png");
    await putPhoto("b.png");
    await putFile("c.jpg", "no photo");
    await putFile("d.png", (await sharp(join(folder, "b.png")).toBuffer()).subarray(0, 60));
    const scan = await scanCleanFolder(folder);
    expect(names(scan)).toEqual(["a.png", "b.png"]);
    expect(scan.skipped.map(({ file, reason }) => [file, reason])).toEqual([
      [join(folder, "c.jpg"), expect.stringContaining("expected a PNG, TIFF, JPEG, WebP or AVIF photo")],
      [join(folder, "d.png"), expect.stringContaining("damaged")],
    ]);
  });

  it("refuses a folder without a usable photo and tells the first problem", async () => {
    await putFile("a.jpg", "no photo");
    await expect(scanCleanFolder(folder)).rejects.toThrow(badData("the first problem is: photo a.jpg: "));
  });
});

describe("scanPairs", () => {
  const scan = () => scanPairs(join(folder, "clean"), join(folder, "noisy"));

  it("matches by path without extension, and else by the words that do not tell the side", async () => {
    for (const name of ["a.png", "s1/b.png", "c_1_mean.png", "0001_GT_SRGB_010.png", "d-clean.png"]) {
      await putPhoto(`clean/${name}`);
    }
    for (const name of ["a.tif", "s1/b.png", "c_1_real.png", "0001_NOISY_SRGB_010.png", "noisy_d.png"]) {
      await putPhoto(`noisy/${name}`);
    }
    const { photos, unmatchedClean, unmatchedNoisy } = await scan();
    expect(photos.map(({ name, source }) => [name, source.kind === "file" && source.noisyFile])).toEqual([
      ["0001_GT_SRGB_010.png", join(folder, "noisy/0001_NOISY_SRGB_010.png")],
      ["a.png", join(folder, "noisy/a.tif")],
      ["c_1_mean.png", join(folder, "noisy/c_1_real.png")],
      ["d-clean.png", join(folder, "noisy/noisy_d.png")],
      ["s1/b.png", join(folder, "noisy/s1/b.png")],
    ]);
    expect([unmatchedClean, unmatchedNoisy]).toEqual([[], []]);
  });

  it("reports what is on one side only, and names that could mean two photos", async () => {
    for (const name of ["a.png", "only_clean.png", "x_gt.png"]) await putPhoto(`clean/${name}`);
    for (const name of ["a.png", "lonely.png", "x_noisy.png", "x_real.png"]) await putPhoto(`noisy/${name}`);
    const report = await scan();
    expect(names(report)).toEqual(["a.png"]);
    expect(report.unmatchedClean).toEqual(["only_clean.png", "x_gt.png"]);
    expect(report.unmatchedNoisy).toEqual(["lonely.png", "x_noisy.png", "x_real.png"]);
  });

  it("leaves out a pair whose photos differ in size", async () => {
    await putPhoto("clean/a.png");
    await putPhoto("noisy/a.png");
    await putPhoto("clean/b.png", 8, 6);
    await putPhoto("noisy/b.png", 6, 8);
    const report = await scan();
    expect(names(report)).toEqual(["a.png"]);
    expect(report.skipped[0]?.reason).toContain("got 8x6 colour and 6x8 colour");
  });

  it("refuses folders that share no name, and one folder for both sides", async () => {
    await putPhoto("clean/a.png");
    await putPhoto("noisy/b.png");
    await expect(scan()).rejects.toThrow(badData("no name is in both folders"));
    await expect(scanPairs(folder, `${folder}/`)).rejects.toThrow(badData("need two folders"));
  });

  it.skipIf(!existsSync(CAMERA_PAIRS))(`matches all six camera pairs (${CAMERA_PAIRS})`, async () => {
    const report = await scanPairs(join(CAMERA_PAIRS, "clean"), join(CAMERA_PAIRS, "noisy"));
    expect(report.photos).toHaveLength(6);
    expect([report.skipped, report.unmatchedClean, report.unmatchedNoisy]).toEqual([[], [], []]);
  });
});

describe("fingerprintDataset", () => {
  const fingerprint = async (of: string) => fingerprintDataset((await scanCleanFolder(of)).photos);

  it("stays the same when the folder moves, and changes with a name, a content or the number of photos", async () => {
    await putPhoto("one/a.png");
    await putPhoto("one/b.png", 8, 6, 1);
    await cp(join(folder, "one"), join(folder, "two"), { recursive: true });
    const first = await fingerprint(join(folder, "one"));
    expect(first).toMatch(/^[0-9a-f]{64}$/);
    expect(await fingerprint(join(folder, "two"))).toBe(first);
    await putPhoto("two/b.png", 8, 6, 2);
    const changed = await fingerprint(join(folder, "two"));
    await rm(join(folder, "two/b.png"));
    const fewer = await fingerprint(join(folder, "two"));
    await cp(join(folder, "one/b.png"), join(folder, "two/c.png"));
    const renamed = await fingerprint(join(folder, "two"));
    expect(new Set([first, changed, fewer, renamed]).size).toBe(4);
  });

  it("covers the noisy side of pairs", async () => {
    await putPhoto("clean/a.png");
    await putPhoto("noisy/a.png", 8, 6, 1);
    const pairs = async () =>
      fingerprintDataset((await scanPairs(join(folder, "clean"), join(folder, "noisy"))).photos);
    const before = await pairs();
    await putPhoto("noisy/a.png", 8, 6, 2);
    expect(await pairs()).not.toBe(before);
  });

  it("says which file has gone since the scan", async () => {
    await putPhoto("a.png");
    const { photos } = await scanCleanFolder(folder);
    await rm(join(folder, "a.png"));
    await expect(fingerprintDataset(photos)).rejects.toThrow(
      expect.objectContaining({ kind: "not_found", message: expect.stringContaining("a.png") }),
    );
  });
});

describe("loadNamed", () => {
  it("gives the photos in order, grey or colour", async () => {
    await putPhoto("a.png", 8, 6, 1);
    await putPhoto("b.png", 5, 4, 2);
    const { photos } = await scanCleanFolder(folder);
    const colour = await loadAll(photos, 3);
    const grey = await loadAll(photos, 1);
    expect(colour.map(({ name, clean }) => [name, clean.width, clean.channels])).toEqual([
      ["a.png", 8, 3],
      ["b.png", 5, 3],
    ]);
    expect(grey.map(({ clean }) => clean)).toEqual(colour.map(({ clean }) => toGrey(clean)));
    expect(grey.every((photo) => photo.noisy === undefined)).toBe(true);
  });

  it("repeats the values of a grey photo where colour is asked for", async () => {
    await writePhotos(folder, 1);
    const { photos } = await scanCleanFolder(folder);
    const [grey] = await loadAll(photos, 1);
    const [colour] = await loadAll(photos, 3);
    expect([grey?.clean.channels, colour?.clean.channels]).toEqual([1, 3]);
    expect([...(colour?.clean.data ?? [])]).toEqual([...(grey?.clean.data ?? [])].flatMap((v) => [v, v, v]));
  });

  it("gives both photos of a pair", async () => {
    await putPhoto("clean/a.png", 8, 6, 1);
    await putPhoto("noisy/a.png", 8, 6, 2);
    const { photos } = await scanPairs(join(folder, "clean"), join(folder, "noisy"));
    const [pair] = await loadAll(photos, 1);
    expect(pair?.noisy?.data).toHaveLength(48);
    expect(pair?.noisy?.data).not.toEqual(pair?.clean.data);
  });

  it("writes a photo and its noisy partner, where it has one, into files of floats", async () => {
    await putPhoto("clean/a.png", 8, 6, 1);
    await putPhoto("noisy/a.png", 8, 6, 2);
    const files = { clean: join(folder, "clean.f32"), noisy: join(folder, "noisy.f32") };
    const whole = { x: 0, y: 0, width: 8, height: 6 };
    const { photos } = await scanPairs(join(folder, "clean"), join(folder, "noisy"));
    const [pair] = await loadAll(photos, 1);
    for (const photo of photos) {
      const { name, clean, noisy } = await writeNamed(photo, 1, files);
      expect(name).toBe(pair?.name);
      expect((await readPixels(clean, whole)).data).toEqual(pair?.clean.data);
      expect(noisy === undefined ? null : (await readPixels(noisy, whole)).data).toEqual(pair?.noisy?.data);
    }
    const [alone] = (await scanCleanFolder(join(folder, "clean"))).photos;
    if (alone === undefined) throw new Error("a folder with a photo must have one");
    expect(await writeNamed(alone, 3, files)).toMatchObject({ clean: { channels: 3 } });
    expect(await writeNamed(alone, 3, files)).not.toHaveProperty("noisy");
  });

  it("draws the photos of the sample set", async () => {
    const scan = scanSampleSet();
    expect(scan.photos).toHaveLength(SAMPLE_SET.photos);
    expect(names(scan)).toEqual([...names(scan)].sort());
    const [third] = await loadAll(scan.photos.slice(2, 3), 1);
    expect(third).toEqual({ name: "sample-002", clean: toGrey(generateSamplePhoto(2, SAMPLE_SET)) });
    expect(await fingerprintDataset(scan.photos)).not.toBe(await fingerprintDataset(scan.photos.slice(1)));
  });
});
