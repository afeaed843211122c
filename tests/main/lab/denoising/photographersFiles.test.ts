import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

import { exiftoolPath } from "exiftool-vendored";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";

import { decodePhoto } from "#main/photos/decodePhoto.ts";
import { readMarks } from "#main/photos/denoiseMark.ts";
import { type DenoiseInput, denoiseRequestSchema } from "#shared/api/denoising.ts";
import type { Lab } from "#shared/api/lab.ts";
import type { SavedFormat, SavingOptions } from "#shared/api/saving.ts";
import { makeFolder, openLab, writePhotos } from "#tests/helpers/labHome.ts";
import { makeRandomPhoto } from "#tests/helpers/makePhoto.ts";
import { trainModel } from "#tests/helpers/trainedModel.ts";

const run = promisify(execFile);

async function exiftool(...args: readonly string[]): Promise<string> {
  return (await run("perl", [await exiftoolPath(), ...args])).stdout;
}

const tagsSchema = z.array(z.record(z.string(), z.unknown()));

async function readTags(file: string): Promise<Readonly<Record<string, unknown>>> {
  const [tags = {}] = tagsSchema.parse(JSON.parse(await exiftool("-json", "-G1", "-struct", "-a", file)));
  return tags;
}

const CAMERA = [
  ...["-IFD0:Make=Acme", "-IFD0:Orientation#=6", "-ExifIFD:ISO=3200", "-ExifIFD:ExifImageWidth=40"],
  ...["-ExifIFD:ExifImageHeight=30", "-GPSLatitude=48.1", "-GPSLatitudeRef=N", "-XMP-exif:GPSLatitude=48.1"],
  ...["-IPTC:Keywords=owl", "-IPTC:City=Munich", "-XMP-photoshop:City=Munich", "-XMP-dc:Title=Owl"],
  ...["-XMP-tiff:Orientation#=6"],
];

/** Writes a turned photo of 40 x 30 pixels in Display P3 with all that a camera and an archive write beside the pixels. */
async function writeCameraPhoto(folder: string, format: "jpeg" | "tiff" | "png"): Promise<string> {
  const { width, height, data } = makeRandomPhoto(40, 30, 3);
  const values = Uint8Array.from(data, (value) => value * 255);
  const file = join(folder, `100%fine.${format}`);
  const picture = sharp(values, { raw: { width, height, channels: 3 } }).withIccProfile("p3");
  await picture.toFormat(format, format === "tiff" ? { compression: "lzw" } : {}).toFile(file);
  const stale = join(folder, "stale.bin");
  await writeFile(
    stale,
    await sharp(values, { raw: { width, height, channels: 3 } })
      .resize(16)
      .jpeg()
      .toBuffer(),
  );
  const thumbnail = format === "jpeg" ? [`-ThumbnailImage<=${stale}`] : [];
  await exiftool("-q", "-q", "-overwrite_original", ...CAMERA, ...thumbnail, file);
  return file;
}

const cleanUps: (() => Promise<void>)[] = [];
const onEnd = (cleanUp: () => Promise<void>): void => void cleanUps.unshift(cleanUp);
let lab: Lab;
let said: readonly string[];
let model: string;

// One lab with one model is enough for all of them.
beforeAll(async () => {
  ({ lab, said } = openLab(await makeFolder(onEnd), onEnd));
  model = (await trainModel(lab, await writePhotos(await makeFolder(onEnd), 3))).id;
});
afterAll(async () => {
  for (const cleanUp of cleanUps) await cleanUp();
});

async function denoise(source: string, wish: Partial<DenoiseInput>) {
  const input: DenoiseInput = {
    ...{ model, inputs: [source], outputFolder: await makeFolder(), memoryBudgetMb: 64 },
    ...{ strength: 1, format: null, bitDepth: null, addNoise: null, noiseSeed: 0, sigma255: null },
    ...{ selfEnsemble: false, device: null },
    ...wish,
  };
  const [file] = await lab.denoise(input, () => undefined);
  if (file?.output == null) throw new Error(file?.error ?? "nothing was denoised");
  return { ...file, output: file.output };
}

/** Denoises a photo to look at, once, and gives the way to save it. */
async function look(source: string) {
  const { id: task } = await lab.startDenoise(denoiseRequestSchema.parse({ models: [model], inputs: [source] }));
  const find = async () => (await lab.listTasks()).find(({ id }) => id === task);
  await expect.poll(async () => (await find())?.endedAt, { timeout: 60_000 }).not.toBeNull();
  const folder = await makeFolder();
  let saved = 0;
  return async (wish: Partial<SavingOptions>): Promise<string> => {
    const saving = { strength: 1, format: null, bitDepth: null, ...wish };
    saved += 1;
    const file = join(folder, `saved-${saved}`);
    return (await lab.saveDenoised({ task, item: 0, ...saving, file, overwrite: false })).file;
  };
}

const WAYS: readonly (readonly ["jpeg" | "tiff" | "png", readonly SavedFormat[]])[] = [
  ["jpeg", ["jpeg", "tiff"]],
  ["jpeg", ["png", "webp", "avif"]],
  ["tiff", ["tiff", "jpeg"]],
  ["png", ["png"]],
];
/** The others have no place for it. */
const WITH_IPTC: readonly SavedFormat[] = ["jpeg", "tiff", "png"];

describe("what cameras and archives wrote", () => {
  it.each(WAYS)("comes from %s to %j, upright and with the result's own size", async (from, formats) => {
    const save = await look(await writeCameraPhoto(await makeFolder(), from));
    for (const format of formats) {
      const output = await save({ format });
      const tags = await readTags(output);
      expect(tags).toMatchObject({
        "IFD0:Make": "Acme",
        "ExifIFD:ISO": 3200,
        "ExifIFD:ExifImageWidth": 30,
        "ExifIFD:ExifImageHeight": 40,
        "XMP-dc:Title": "Owl",
        "GPS:GPSLatitudeRef": "North",
      });
      if (WITH_IPTC.includes(format)) expect(tags).toMatchObject({ "IPTC:Keywords": "owl", "IPTC:City": "Munich" });
      expect(tags["IFD0:Orientation"] ?? "Horizontal (normal)").toBe("Horizontal (normal)");
      expect(tags["XMP-tiff:Orientation"]).toBeUndefined();
      const { width, height, icc } = await sharp(output).metadata();
      expect([width, height]).toEqual([30, 40]);
      expect(icc?.toString("latin1")).toContain("s\0P\x003\0C"); // sharp's profile for Display P3 calls itself sP3C
      await expect(decodePhoto(output)).resolves.toMatchObject({ format });
    }
  });

  it.each(["webp", "avif"] as const)("comes from %s as well", async (format) => {
    const file = join(await makeFolder(), `photo.${format}`);
    const { width, height, data } = makeRandomPhoto(40, 30, 3);
    const values = Uint8Array.from(data, (value) => value * 255);
    await sharp(values, { raw: { width, height, channels: 3 } })
      .toFormat(format)
      .toFile(file);
    await exiftool(
      "-q",
      "-q",
      "-overwrite_original",
      "-IFD0:Make=Acme",
      "-GPSLatitude=48.1",
      "-XMP-dc:Title=Owl",
      file,
    );
    const save = await look(file);
    for (const other of [format, "jpeg", "tiff"] as const) {
      const tags = await readTags(await save({ format: other }));
      expect(tags).toMatchObject({
        "IFD0:Make": "Acme",
        "XMP-dc:Title": "Owl",
        "GPS:GPSLatitude": expect.anything() as unknown,
      });
    }
  });

  it("leaves out what is true of a CMYK photo's inks alone", async () => {
    const { width, height, data } = makeRandomPhoto(40, 30, 3);
    const values = Uint8Array.from(data, (value) => value * 255);
    const file = join(await makeFolder(), "print.tif");
    const picture = sharp(values, { raw: { width, height, channels: 3 } });
    await picture.withIccProfile("cmyk").toColourspace("cmyk").tiff().toFile(file);
    await exiftool("-q", "-q", "-overwrite_original", "-IFD0:Make=Acme", file);
    expect(await readTags(file)).toMatchObject({ "IFD0:InkSet": "CMYK" });
    const tags = await readTags(await (await look(file))({}));
    expect(tags).toMatchObject({ "IFD0:Make": "Acme", "IFD0:PhotometricInterpretation": "RGB" });
    expect(Object.keys(tags).filter((tag) => /Ink/.test(tag))).toEqual([]);
  });

  it("renews a JPEG's thumbnail and takes it out of other formats", async () => {
    const source = await writeCameraPhoto(await makeFolder(), "jpeg");
    const save = await look(source);
    const extract = async (file: string) =>
      (await run("perl", [await exiftoolPath(), "-b", "-ThumbnailImage", file], { encoding: "buffer" })).stdout;
    expect(await sharp(await extract(source)).metadata()).toMatchObject({ width: 16, height: 12 });
    expect(await sharp(await extract(await save({}))).metadata()).toMatchObject({ width: 30, height: 40 });
    expect(await extract(await save({ format: "tiff" }))).toHaveLength(0);
  });

  it("leaves places out where asked for, or all but the colour profile", async () => {
    const save = await look(await writeCameraPhoto(await makeFolder(), "jpeg"));
    const nowhere = await readTags(await save({ metadata: "withoutLocation" }));
    expect(nowhere).toMatchObject({ "IFD0:Make": "Acme", "IPTC:Keywords": "owl", "XMP-dc:Title": "Owl" });
    expect(Object.keys(nowhere).filter((tag) => /GPS|City/.test(tag))).toEqual([]);
    const none = await readTags(await save({ metadata: "none" }));
    expect(Object.keys(none).filter((tag) => /^(GPS|IPTC|XMP)|Make|ISO/.test(tag))).toEqual([]);
    expect(Object.keys(none).some((tag) => tag.startsWith("ICC"))).toBe(true);
  });
});

describe("the mark of a result", () => {
  it("names model, hash, strength and sigma, and warns before the photo is denoised again", async () => {
    const folder = await makeFolder();
    const source = await writeCameraPhoto(folder, "png");
    const first = await denoise(source, { strength: 0.5, sigma255: 12.5 });
    expect(first.remarks.join()).not.toContain("denoised before");
    const { xmp } = await decodePhoto(first.output);
    const mark = { model, strength: 0.5, sigma255: 12.5, hash: expect.stringMatching(/^[0-9a-f]{8}$/) };
    expect(readMarks(xmp)).toEqual([mark]);
    const again = await denoise(first.output, {});
    expect(again.remarks[0]).toContain("was denoised before");
    expect(said.join("\n")).toContain("was denoised before");
    expect(readMarks((await decodePhoto(again.output)).xmp)).toHaveLength(2);
  });
});
