import { access } from "node:fs/promises";

import sharp, { type Sharp } from "sharp";

import { getErrorCode, toDiskError } from "#main/files/diskError.ts";
import { writeFileAtomically } from "#main/files/writeFileAtomically.ts";
import { writeNewFile } from "#main/files/writeNewFile.ts";
import { LabError } from "#shared/labError.ts";
import type { DecodedPhoto } from "./decodePhoto.ts";
import { embedInPng } from "./embedInPng.ts";
import { toUprightExif, toUprightXmp } from "./uprightNotes.ts";
import { type BitDepth, type PhotoFormat, largestValueOf } from "./photoFormat.ts";

/** How a photo is written; null keeps what the source has. */
export interface EncodeOptions {
  readonly file: string;
  readonly format: PhotoFormat | null;
  /** Formats of 8 bits only turn a null into 8. */
  readonly bitDepth: BitDepth | null;
  readonly overwrite: boolean;
}

/** What each format can hold, and its writer: lossless where the format offers it, else JPEG 95 with full colour detail. */
const WRITERS: Readonly<
  Record<PhotoFormat, { hasAlpha: boolean; deepest: BitDepth; write: (picture: Sharp) => Sharp }>
> = {
  png: { hasAlpha: true, deepest: 16, write: (picture) => picture.png() },
  tiff: {
    hasAlpha: true,
    deepest: 16,
    write: (picture) => picture.tiff({ compression: "deflate", predictor: "horizontal" }),
  },
  jpeg: {
    hasAlpha: false,
    deepest: 8,
    write: (picture) => picture.jpeg({ quality: 95, chromaSubsampling: "4:4:4" }),
  },
  webp: { hasAlpha: true, deepest: 8, write: (picture) => picture.webp({ lossless: true }) },
};

/**
 * Writes a photo (values clipped to 0..1) with its alpha, profile, camera data and XMP, upright, as a whole file or not at
 * all. Throws LabError bad_config where the format cannot hold it or the file exists and `overwrite` is off, and disk,
 * permission or not_found where the system refuses.
 */
export async function encodePhoto(source: DecodedPhoto, options: EncodeOptions): Promise<void> {
  const { file, format, bitDepth, overwrite } = options;
  if (!overwrite) await checkFree(file);
  const write = overwrite ? writeFileAtomically : writeNewFile;
  await write(file, await encodeToBytes(source, { format, bitDepth }));
}

/** Makes the bytes of a photo file, as `encodePhoto` writes them. Throws LabError bad_config where the format cannot hold the photo. */
export async function encodeToBytes(
  source: DecodedPhoto,
  options: Pick<EncodeOptions, "format" | "bitDepth">,
): Promise<Uint8Array> {
  const format = options.format ?? source.format;
  const { hasAlpha, deepest, write } = WRITERS[format];
  const bitDepth = options.bitDepth ?? (source.bitDepth > deepest ? deepest : source.bitDepth);
  if (bitDepth > deepest) refuse(`${format} holds at most ${deepest} bits, got ${bitDepth}`);
  if (source.alpha !== null && !hasAlpha) refuse(`${format} cannot hold the photo's transparency`);
  return write(await buildPicture(source, bitDepth)).toBuffer();
}

/** Throws LabError bad_config where a file exists. */
export async function checkFree(file: string): Promise<void> {
  if (await isExisting(file)) refuse(`${file} exists already`);
}

/** Makes sharp's picture of the photo; what is embedded travels in a PNG in memory, for raw pixels cannot carry it. */
async function buildPicture(source: DecodedPhoto, bitDepth: BitDepth): Promise<Sharp> {
  const { width, height, channels } = source.photo;
  const bands = source.alpha === null ? channels : channels === 1 ? 2 : 4;
  const space = channels === 1 ? (bitDepth === 16 ? "grey16" : "b-w") : bitDepth === 16 ? "rgb16" : "srgb";
  const values = interleave(source, bands, bitDepth);
  const plain = sharp(values, { raw: { width, height, channels: bands } }).toColourspace(space);
  const embedded = {
    icc: source.icc,
    exif: source.exif === null ? null : toUprightExif(source.exif),
    xmp: source.xmp === null ? null : toUprightXmp(source.xmp),
  };
  if (embedded.icc === null && embedded.exif === null && embedded.xmp === null) return plain;
  const carrier = embedInPng(await plain.png({ compressionLevel: 0 }).toBuffer(), embedded);
  return sharp(carrier, { ignoreIcc: true }).toColourspace(space).keepIccProfile().keepExif().keepXmp();
}

function interleave(
  { photo, alpha }: DecodedPhoto,
  bands: 1 | 2 | 3 | 4,
  bitDepth: BitDepth,
): Uint8Array | Uint16Array {
  const { width, height, channels, data } = photo;
  const largest = largestValueOf(bitDepth);
  const toWhole = (value: number) => Math.round(Math.min(1, Math.max(0, value)) * largest);
  const count = width * height;
  if (data.length !== count * channels || (alpha !== null && alpha.length !== count)) {
    const got = `${data.length} and ${alpha?.length ?? "no"} opacities`;
    throw new Error(`encode: ${width}x${height} pixels of ${channels} channel(s) must have as many values, got ${got}`);
  }
  const values = bitDepth === 16 ? new Uint16Array(count * bands) : new Uint8Array(count * bands);
  for (let pixel = 0; pixel < count; pixel++) {
    for (let channel = 0; channel < channels; channel++) {
      values[pixel * bands + channel] = toWhole(data[pixel * channels + channel] ?? NaN);
    }
    if (alpha !== null) values[pixel * bands + channels] = toWhole(alpha[pixel] ?? NaN);
  }
  return values;
}

async function isExisting(file: string): Promise<boolean> {
  try {
    await access(file);
    return true;
  } catch (cause) {
    if (getErrorCode(cause) === "ENOENT") return false;
    throw toDiskError(`encode ${file}`, cause);
  }
}

function refuse(reason: string): never {
  throw new LabError("bad_config", `encode: ${reason}`);
}
