import { mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import type { DecodedPhoto } from "#main/photos/decodedPhoto.ts";
import { decodePhoto } from "#main/photos/decodePhoto.ts";
import { encodePhoto } from "#main/photos/encodePhoto.ts";
import type { FileOptions } from "#shared/api/saving.ts";
import { computePsnr } from "#shared/image/psnr.ts";
import { makeRandomPhoto } from "#tests/helpers/makePhoto.ts";
import { mountSmallDisk, unmountSmallDisk } from "#tests/helpers/smallDisk.ts";

const ramp = Float32Array.from({ length: 65_536 }, (_, i) => i / 65_535);
const plain = { alpha: null, bitDepth: 8, format: "png", icc: null, exif: null, xmp: null } as const;
const keep = { format: null, bitDepth: null, overwrite: false } as const;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "hinas-encode-"));
});
afterEach(async () => rm(folder, { recursive: true }));

/** Writes a JPEG with profile, camera data, XMP and a turned orientation, as phones do. */
async function decodeCameraPhoto(): Promise<DecodedPhoto> {
  const { width, height, data } = makeRandomPhoto(20, 14, 3);
  const file = join(folder, "camera.jpg");
  await sharp(
    Uint8Array.from(data, (value) => value * 255),
    { raw: { width, height, channels: 3 } },
  )
    .withMetadata({ orientation: 6 })
    .withIccProfile("p3")
    .withExifMerge({ IFD0: { Make: "Acme", Copyright: "Somebody" } })
    .withXmp('<x:xmpmeta xmlns:x="adobe:ns:meta/" tiff:Orientation="6"/>')
    .jpeg({ quality: 95 })
    .toFile(file);
  return decodePhoto(file);
}

describe("encodePhoto", () => {
  it.each([
    ["png", 1],
    ["tiff", 1],
    ["png", 3],
    ["tiff", 3],
  ] as const)("writes all 65,536 steps of a 16-bit ramp to %s, %d channel(s)", async (format, channels) => {
    const data = Float32Array.from({ length: 65_536 * channels }, (_, i) => ramp[Math.floor(i / channels)] ?? 0);
    const source: DecodedPhoto = { ...plain, format, bitDepth: 16, photo: { width: 256, height: 256, channels, data } };
    const file = join(folder, "ramp");
    await encodePhoto(source, { ...keep, file });
    expect(await decodePhoto(file)).toEqual(source);
  });

  it.each([
    ["png", 8],
    ["png", 16],
    ["tiff", 16],
    ["webp", 8],
  ] as const)("puts alpha back into %s of %d bits", async (format, bitDepth) => {
    const largest = 2 ** bitDepth - 1;
    const round = (data: Float32Array) => data.map((value) => Math.round(value * largest) / largest);
    const photo = makeRandomPhoto(9, 7, 3);
    const alpha = round(makeRandomPhoto(9, 7, 1).data);
    const source: DecodedPhoto = { ...plain, format, bitDepth, photo: { ...photo, data: round(photo.data) }, alpha };
    const file = join(folder, "alpha");
    await encodePhoto(source, { ...keep, file });
    expect(await decodePhoto(file)).toEqual(source);
  });

  it("rounds to the nearest value and clips what noise or a network put outside 0..1", async () => {
    const data = Float32Array.of(-0.5, 1.5, 100.4 / 255, 100.6 / 255);
    const file = join(folder, "values.png");
    await encodePhoto({ ...plain, photo: { width: 4, height: 1, channels: 1, data } }, { ...keep, file });
    const { photo } = await decodePhoto(file);
    expect([...photo.data].map((value) => Math.round(value * 255))).toEqual([0, 255, 100, 101]);
  });

  it.each(["png", "tiff", "jpeg", "webp"] as const)(
    "keeps profile and notes in %s and marks it upright",
    async (format) => {
      const source = await decodeCameraPhoto();
      const file = join(folder, "out");
      await encodePhoto(source, { ...keep, file, format });
      const written = await decodePhoto(file);
      expect([written.photo.width, written.photo.height]).toEqual([14, 20]);
      expect(Buffer.from(written.icc ?? []).equals(source.icc ?? Buffer.alloc(1))).toBe(true);
      expect(Buffer.from(written.xmp ?? []).toString()).toContain('tiff:Orientation="1"');
      const { orientation, exif } = await sharp(file).metadata();
      expect(orientation ?? 1).toBe(1);
      if (format !== "tiff") expect(exif?.toString("latin1")).toMatch(/Acme[^]*Somebody/); // sharp writes no EXIF into TIFF
      if (format === "png") expect(written.photo.data).toEqual(source.photo.data);
    },
  );

  it("writes JPEG with full colour detail, close to the photo", async () => {
    const file = join(folder, "out.jpg");
    const photo = makeRandomPhoto(32, 32, 3);
    await encodePhoto({ ...plain, photo }, { ...keep, file, format: "jpeg" });
    expect((await sharp(file).metadata()).chromaSubsampling).toBe("4:4:4");
    expect(computePsnr((await decodePhoto(file)).photo, photo)).toBeGreaterThan(35);
  });

  it("writes a 16-bit photo with 8 bits where the format has no more", async () => {
    const file = join(folder, "out.webp");
    await encodePhoto({ ...plain, bitDepth: 16, photo: makeRandomPhoto(5, 5, 3) }, { ...keep, file, format: "webp" });
    expect((await decodePhoto(file)).bitDepth).toBe(8);
  });

  it("takes quality, chroma, compression and size as wished, and keeps 16 bits while it shrinks", async () => {
    const photo = makeRandomPhoto(64, 32, 3);
    const source: DecodedPhoto = { ...plain, bitDepth: 16, photo };
    const write = async (name: string, wish: Omit<FileOptions, "bitDepth">) => {
      const file = join(folder, name);
      await encodePhoto(source, { ...wish, bitDepth: null, overwrite: false, file });
      return file;
    };
    const small = await write("small.jpg", { format: "jpeg", quality: 40, chroma: "4:2:0", longestSidePx: 16 });
    expect(await sharp(small).metadata()).toMatchObject({ width: 16, height: 8, chromaSubsampling: "4:2:0" });
    const [fine, coarse] = [
      await write("a.webp", { format: "webp" }),
      await write("b.webp", { format: "webp", quality: 50 }),
    ];
    expect((await readFile(coarse)).length).toBeLessThan((await readFile(fine)).length);
    const plainTiff = await write("plain.tif", { format: "tiff", compression: "none" });
    expect((await readFile(plainTiff)).length).toBeGreaterThan(64 * 32 * 6);
    const shrunk = await decodePhoto(
      await write("shrunk.tif", { format: "tiff", longestSidePx: 32, compression: "lzw" }),
    );
    expect([shrunk.photo.width, shrunk.bitDepth]).toEqual([32, 16]);
    expect([...shrunk.photo.data].some((value) => !Number.isInteger(Math.round(value * 65_535) / 257))).toBe(true);
  });

  it("keeps white white and ten bits in AVIF", async () => {
    const data = Float32Array.from({ length: 64 * 64 }, (_, i) => Math.floor(i / 64) / 63);
    const file = join(folder, "deep.avif");
    const photo = { width: 64, height: 64, channels: 1, data } as const;
    await encodePhoto({ ...plain, bitDepth: 16, photo }, { ...keep, file, format: "avif", quality: 100 });
    const read = await decodePhoto(file);
    expect(read).toMatchObject({ format: "avif", bitDepth: 16 });
    expect(Math.max(...read.photo.data)).toBeGreaterThan(0.998);
    expect(new Set(read.photo.data).size).toBeGreaterThan(60);
    expect((await sharp(file).metadata()).bitsPerSample).toBe(10);
  });

  it("puts a background behind transparency where JPEG has no place for it", async () => {
    const source: DecodedPhoto = {
      ...plain,
      photo: { width: 16, height: 16, channels: 3, data: new Float32Array(768) },
      alpha: new Float32Array(256).fill(0.5),
    };
    const file = join(folder, "flat.jpg");
    await encodePhoto(source, { ...keep, file, format: "jpeg", background: "#ff8000" });
    const { photo, alpha } = await decodePhoto(file);
    expect(alpha).toBeNull();
    const rounded = [...photo.data.slice(0, 3)].map((value) => Math.round(value * 255));
    for (const [i, expected] of [128, 64, 0].entries())
      expect(Math.abs((rounded[i] ?? NaN) - expected)).toBeLessThan(4);
  });

  it("leaves nothing but the whole file in the folder", async () => {
    await encodePhoto({ ...plain, photo: makeRandomPhoto(5, 5) }, { ...keep, file: join(folder, "out.png") });
    expect(await readdir(folder)).toEqual(["out.png"]);
  });
});

describe("encodePhoto refuses", () => {
  const source: DecodedPhoto = { ...plain, photo: makeRandomPhoto(6, 5, 3) };
  const refusal = (kind: string, detail: string): unknown =>
    expect.objectContaining({ kind, message: expect.stringContaining(detail) });

  it("to overwrite a file unless told to", async () => {
    const file = join(folder, "there.png");
    await writeFile(file, "precious");
    await expect(encodePhoto(source, { ...keep, file })).rejects.toThrow(refusal("bad_config", "exists already"));
    expect(await readFile(file, "utf8")).toBe("precious");
    await encodePhoto(source, { ...keep, file, overwrite: true });
    expect((await decodePhoto(file)).format).toBe("png");
  });

  it("16 bits and transparency in a JPEG", async () => {
    const file = join(folder, "out.jpg");
    const deep = encodePhoto(source, { ...keep, file, format: "jpeg", bitDepth: 16 });
    await expect(deep).rejects.toThrow(refusal("bad_config", "jpeg holds at most 8 bits, got 16"));
    const clear = encodePhoto({ ...source, alpha: new Float32Array(30) }, { ...keep, file, format: "jpeg" });
    await expect(clear).rejects.toThrow(refusal("bad_data", "transparency"));
    expect(await readdir(folder)).toEqual([]);
  });

  it("a folder that is not there or is a file", async () => {
    const missing = encodePhoto(source, { ...keep, file: join(folder, "none", "out.png") });
    await expect(missing).rejects.toThrow(expect.objectContaining({ kind: "not_found" }));
    await writeFile(join(folder, "file"), "");
    const blocked = encodePhoto(source, { ...keep, file: join(folder, "file", "out.png") });
    await expect(blocked).rejects.toThrow(expect.objectContaining({ kind: "not_found" }));
  });

  it("a full disk, and leaves no part of a file", async ({ skip }) => {
    if (!mountSmallDisk(folder, 64)) skip("mounting a small disk is not allowed here");
    try {
      const large = { ...plain, photo: makeRandomPhoto(300, 300, 3) };
      const attempt = encodePhoto(large, { ...keep, file: join(folder, "out.png") });
      await expect(attempt).rejects.toThrow(refusal("disk", "the disk is full"));
      expect(await readdir(folder)).toEqual([]);
    } finally {
      unmountSmallDisk(folder);
    }
  });
});
