import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp, { type Sharp } from "sharp";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { decodePhoto } from "#main/photos/decodePhoto.ts";
import { makeChunk } from "#main/photos/embedInPng.ts";

import { CAN_BE_REFUSED, findRefusal } from "#tests/helpers/refusal.ts";

const WIDTH = 24;
const HEIGHT = 16;
const bytes = Uint8Array.from({ length: WIDTH * HEIGHT * 3 }, (_, i) => (i * 37 + (i >> 5)) % 256);
const colour = (): Sharp => sharp(bytes, { raw: { width: WIDTH, height: HEIGHT, channels: 3 } });
const twoPages = (): Sharp =>
  sharp(Uint8Array.from(bytes), { raw: { width: WIDTH, height: HEIGHT, channels: 3, pageHeight: HEIGHT / 2 } });

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "hinas-decode-"));
});
afterEach(async () => rm(folder, { recursive: true }));

async function put(name: string, content: Uint8Array | string | Sharp): Promise<string> {
  const file = join(folder, name);
  await writeFile(
    file,
    content instanceof Uint8Array || typeof content === "string" ? content : await content.toBuffer(),
  );
  return file;
}

const badData = (detail: RegExp): unknown =>
  expect.objectContaining({ kind: "bad_data", message: expect.stringMatching(detail) });

describe("decodePhoto", () => {
  it.each([
    ["png", (picture: Sharp) => picture.png()],
    ["tiff", (picture: Sharp) => picture.tiff({ compression: "deflate" })],
    ["webp", (picture: Sharp) => picture.webp({ lossless: true })],
  ] as const)("reads the values of an 8-bit %s as 0..1", async (format, write) => {
    const decoded = await decodePhoto(await put(`photo.${format}`, write(colour())));
    expect(decoded).toMatchObject({ format, bitDepth: 8, alpha: null, icc: null });
    expect(decoded.photo).toEqual({
      width: WIDTH,
      height: HEIGHT,
      channels: 3,
      data: Float32Array.from(bytes, (value) => value / 255),
    });
  });

  it("reads a JPEG as libvips decodes it", async () => {
    const file = await put("photo.jpg", colour().jpeg());
    const expected = await sharp(file).raw().toBuffer();
    const decoded = await decodePhoto(file);
    expect(decoded.format).toBe("jpeg");
    expect(decoded.photo.data).toEqual(Float32Array.from(expected, (value) => value / 255));
  });

  it.each([
    ["png", 1],
    ["tiff", 1],
    ["png", 3],
    ["tiff", 3],
  ] as const)("tells all 65,536 steps of a 16-bit %s ramp of %d channel(s) apart", async (format, channels) => {
    const ramp = Uint16Array.from({ length: 65_536 * channels }, (_, i) => Math.floor(i / channels));
    const picture = sharp(ramp, { raw: { width: 256, height: 256, channels } });
    const deep = picture.toColourspace(channels === 1 ? "grey16" : "rgb16");
    const file = await put(`ramp.${format}`, format === "png" ? deep.png() : deep.tiff({ compression: "lzw" }));
    const { photo, bitDepth } = await decodePhoto(file);
    expect([bitDepth, photo.channels]).toEqual([16, channels]);
    expect(Uint16Array.from(photo.data, (value) => Math.round(value * 65_535))).toEqual(ramp);
    expect(new Set(photo.data).size).toBe(65_536);
  });

  it("keeps grey as one channel", async () => {
    const grey = sharp(bytes.subarray(0, WIDTH * HEIGHT), { raw: { width: WIDTH, height: HEIGHT, channels: 1 } });
    for (const file of [
      await put("a.png", grey.clone().toColourspace("b-w").png()),
      await put("a.tif", grey.clone().toColourspace("b-w").tiff({ compression: "lzw" })),
    ]) {
      const { photo } = await decodePhoto(file);
      expect(photo.channels).toBe(1);
      expect(photo.data).toEqual(Float32Array.from(bytes.subarray(0, WIDTH * HEIGHT), (value) => value / 255));
    }
  });

  it.each([8, 16] as const)("keeps alpha of %d bits beside the untouched colours", async (bitDepth) => {
    const largest = 2 ** bitDepth - 1;
    const values = Array.from({ length: WIDTH * HEIGHT * 4 }, (_, i) => (i * 7919) % (largest + 1));
    const typed = bitDepth === 8 ? Uint8Array.from(values) : Uint16Array.from(values);
    const picture = sharp(typed, { raw: { width: WIDTH, height: HEIGHT, channels: 4 } });
    const file = await put("alpha.png", picture.toColourspace(bitDepth === 8 ? "srgb" : "rgb16").png());
    const { photo, alpha } = await decodePhoto(file);
    const whole = (data: ArrayLike<number>) => Array.from(data, (value) => Math.round(value * largest));
    expect(whole(photo.data)).toEqual(values.filter((_, i) => i % 4 !== 3));
    expect(whole(alpha ?? [])).toEqual(values.filter((_, i) => i % 4 === 3));
  });

  it("turns a photo upright by its orientation", async () => {
    const corner = Uint8Array.from({ length: 6 * 3 }, (_, i) => (i < 3 ? 255 : 0)); // bright at the top left, 3 wide
    const picture = sharp(corner, { raw: { width: 3, height: 2, channels: 3 } });
    const { photo } = await decodePhoto(await put("turned.png", picture.withMetadata({ orientation: 6 }).png()));
    expect([photo.width, photo.height]).toEqual([2, 3]);
    expect(photo.data[3]).toBeGreaterThan(0.9); // top right now
  });

  it("leaves values as they are stored where a wide-gamut profile is embedded, and keeps the profile", async () => {
    const file = await put("p3.png", colour().withIccProfile("p3").png());
    const stored = await sharp(file, { ignoreIcc: true }).raw().toBuffer();
    const decoded = await decodePhoto(file);
    expect(decoded.icc?.length).toBeGreaterThan(100);
    expect(decoded.photo.data).toEqual(Float32Array.from(stored, (value) => value / 255));
    expect(stored.equals(await sharp(file).raw().toBuffer())).toBe(false);
  });

  it("reads the smallest picture, 1x1", async () => {
    const one = sharp(Uint8Array.of(255, 0, 51), { raw: { width: 1, height: 1, channels: 3 } });
    const { photo } = await decodePhoto(await put("one.png", one.png()));
    expect([...photo.data]).toEqual([1, 0, Math.fround(0.2)]);
  });
});

describe("files of other kinds", () => {
  it("converts CMYK by the profile that it comes with", async () => {
    const values = Uint8Array.from({ length: 20 * 20 * 3 }, (_, i) => [200, 60, 40][i % 3] ?? 0);
    const picture = sharp(values, { raw: { width: 20, height: 20, channels: 3 } }).toColourspace("cmyk");
    const file = join(folder, "press.jpg");
    await picture.withIccProfile("cmyk").jpeg({ quality: 100, chromaSubsampling: "4:4:4" }).toFile(file);
    const { photo, icc, alpha } = await decodePhoto(file);
    expect([photo.channels, icc, alpha]).toEqual([3, null, null]);
    for (const [i, expected] of [200, 60, 40].entries()) {
      expect(Math.abs(255 * (photo.data[i] ?? NaN) - expected)).toBeLessThan(15);
    }
  });

  it.each(["shot.NEF", "shot.dng", "phone.heic"])("says what to do with %s first", async (name) => {
    const file = join(folder, name);
    await writeFile(file, "II*\0");
    await expect(decodePhoto(file)).rejects.toThrow(/develop it first into a 16-bit TIFF|save it as TIFF/);
  });
});

describe("decodePhoto refuses", () => {
  it.each([
    ["png", (picture: Sharp) => picture.png()],
    ["tif", (picture: Sharp) => picture.tiff()],
    ["jpg", (picture: Sharp) => picture.jpeg()],
    ["webp", (picture: Sharp) => picture.webp()],
  ] as const)("a %s that was cut off anywhere in its pixels", async (extension, write) => {
    const whole = await write(colour()).toBuffer();
    for (const share of [0.2, 0.5, 0.8]) {
      const file = await put(`cut.${extension}`, whole.subarray(0, Math.floor(whole.length * share)));
      await expect(decodePhoto(file)).rejects.toThrow(badData(/damaged/));
    }
  });

  it("a TIFF whose last pixel is missing", async () => {
    await expect(decodePhoto(await put("cut.tif", makePlainTiff().subarray(0, -1)))).rejects.toThrow(
      badData(/cut-off/),
    );
    await expect(decodePhoto(await put("whole.tif", makePlainTiff()))).resolves.toMatchObject({ format: "tiff" });
  });

  it("a text file named .jpg", async () => {
    const file = await put("notes.jpg", "Not a photo at all, but notes about one.\n");
    await expect(decodePhoto(file)).rejects.toThrow(
      badData(/notes\.jpg: expected a PNG, TIFF, JPEG, WebP or AVIF photo/),
    );
  });

  it("an empty file", async () => {
    await expect(decodePhoto(await put("empty.png", ""))).rejects.toThrow(badData(/got an empty file/));
  });

  it("a GIF, whatever its name", async () => {
    await expect(decodePhoto(await put("photo.png", colour().gif()))).rejects.toThrow(badData(/got a GIF file/));
  });

  it("an animated WebP and a TIFF of two pages", async () => {
    await expect(decodePhoto(await put("a.webp", twoPages().webp()))).rejects.toThrow(badData(/of 2 pages/));
    await expect(decodePhoto(await put("a.tif", twoPages().tiff()))).rejects.toThrow(badData(/of 2 pages/));
  });

  it("an animated PNG, of which libvips would read the first frame", async () => {
    const still = await colour().png().toBuffer();
    const control = makeChunk("acTL", Buffer.from([0, 0, 0, 2, 0, 0, 0, 0]));
    const file = await put("a.png", Buffer.concat([still.subarray(0, 33), control, still.subarray(33)]));
    await expect(decodePhoto(file)).rejects.toThrow(badData(/an animated PNG/));
  });

  it("a CMYK JPEG", async () => {
    const file = await put("print.jpg", colour().toColourspace("cmyk").jpeg());
    await expect(decodePhoto(file)).rejects.toThrow(
      badData(/colour space CMYK without a profile of its colours; convert it/),
    );
  });

  it("a missing file and a folder", async () => {
    await expect(decodePhoto(join(folder, "none.png"))).rejects.toThrow(expect.objectContaining({ kind: "not_found" }));
    await expect(decodePhoto(folder)).rejects.toThrow(badData(/got a folder/));
  });

  it.skipIf(!CAN_BE_REFUSED)(
    "a file that may not be read (skipped where a process without rights cannot read this checkout)",
    async () => {
      const file = await put("closed.png", colour().png());
      await chmod(folder, 0o755);
      await chmod(file, 0);
      const imports = 'import { decodePhoto } from "#main/photos/decodePhoto.ts";';
      expect(findRefusal(imports, "await decodePhoto(path)", file)).toBe("permission");
    },
  );
});

/** An uncompressed 8x4 grey TIFF whose pixels are the last bytes of the file. */
function makePlainTiff(): Buffer {
  const [width, height] = [8, 4];
  const entries = [
    [256, width],
    [257, height],
    [258, 8],
    [259, 1],
    [262, 1],
    [273, 8 + 2 + 9 * 12 + 4],
    [277, 1],
    [278, height],
    [279, width * height],
  ] as const;
  const file = Buffer.alloc(8 + 2 + entries.length * 12 + 4 + width * height, 100);
  file.write("II*\0", 0, "latin1");
  file.writeUInt32LE(8, 4);
  file.writeUInt16LE(entries.length, 8);
  entries.forEach(([tag, value], index) => {
    const at = 10 + index * 12;
    file.writeUInt16LE(tag, at);
    file.writeUInt16LE(4, at + 2);
    file.writeUInt32LE(1, at + 4);
    file.writeUInt32LE(value, at + 8);
  });
  file.writeUInt32LE(0, 10 + entries.length * 12);
  return file;
}
