import { readFile } from "node:fs/promises";

import sharp, { type Metadata, type Sharp } from "sharp";

import { toDiskError } from "#main/files/diskError.ts";
import { at } from "#shared/at.ts";
import { LabError } from "#shared/labError.ts";
import type { Photo } from "#shared/image/photo.ts";
import { type BitDepth, FORMAT_NAMES, type PhotoFormat, isPhotoFormat, largestValueOf } from "./photoFormat.ts";

/** A photo and what is needed to write a picture of the same kind again. */
export interface DecodedPhoto {
  /** Grey stays grey, colour is red, green, blue; the file's own values, no colour management, upright. */
  readonly photo: Photo;
  /** Opacity `[H, W]`, 0..1, or null where the file has none. */
  readonly alpha: Float32Array | null;
  readonly bitDepth: BitDepth;
  readonly format: PhotoFormat;
  /** The embedded colour profile, camera data and XMP text, as they lie in the file. */
  readonly icc: Uint8Array | null;
  readonly exif: Uint8Array | null;
  readonly xmp: Uint8Array | null;
}

/** libvips' names of the colour spaces that hold plain grey or RGB values, with the channels of a photo in them. */
const SPACES: Readonly<Record<string, { readonly channels: 1 | 3; readonly bitDepth: BitDepth }>> = {
  "b-w": { channels: 1, bitDepth: 8 },
  srgb: { channels: 3, bitDepth: 8 },
  grey16: { channels: 1, bitDepth: 16 },
  rgb16: { channels: 3, bitDepth: 16 },
};

/**
 * Decodes an 8- or 16-bit PNG, TIFF, JPEG or WebP file: encoded values unchanged, orientation applied. Throws LabError
 * not_found, permission or disk where the file cannot be read, bad_data where it is not one whole picture of these formats.
 */
export async function decodePhoto(file: string): Promise<DecodedPhoto> {
  const { bytes, metadata, kind } = await readPicture(file);
  const { format, channels, bitDepth, space } = kind;
  const values = await readValues(file, openPicture(bytes).toColourspace(space), bitDepth);
  return {
    ...splitAlpha(values, channels, largestValueOf(bitDepth)),
    bitDepth,
    format,
    icc: metadata.icc ?? null,
    exif: metadata.exif ?? null,
    xmp: metadata.xmp ?? null,
  };
}

/** Size and kind of a photo. */
export interface PhotoShape {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
  readonly bitDepth: BitDepth;
}

/** Decodes a photo to see that it is whole, without keeping its values, and tells its shape. Throws as `decodePhoto` does. */
export async function inspectPhoto(file: string): Promise<PhotoShape> {
  const { bytes, kind } = await readPicture(file);
  const { channels, bitDepth, space } = kind;
  const { width, height } = await readValues(file, openPicture(bytes).toColourspace(space), bitDepth);
  return { width, height, channels, bitDepth };
}

/** Reads a photo's shape from the head of its file: quick, and no promise that the rest is whole. Throws as `decodePhoto` does. */
export async function readPhotoShape(file: string): Promise<PhotoShape> {
  const metadata = await readMetadata(file, file);
  const { channels, bitDepth } = checkKind(file, null, metadata);
  const { width, height } = metadata.autoOrient;
  return { width, height, channels, bitDepth };
}

async function readPicture(
  file: string,
): Promise<{ readonly bytes: Buffer; readonly metadata: Metadata; readonly kind: PictureKind }> {
  const bytes = await readFile(file).catch((cause: unknown) => {
    throw toDiskError(`decode ${file}`, cause);
  });
  if (bytes.length === 0) throw badPhoto(file, "an empty file");
  const metadata = await readMetadata(file, bytes);
  return { bytes, metadata, kind: checkKind(file, bytes, metadata) };
}

/** Opens a picture so that nothing is repaired in silence and no profile is applied. */
function openPicture(source: Uint8Array | string): Sharp {
  return sharp(source, { failOn: "error", ignoreIcc: true, autoOrient: true });
}

async function readMetadata(file: string, source: Uint8Array | string): Promise<Metadata> {
  try {
    return await openPicture(source).metadata();
  } catch (cause) {
    throw badPhoto(file, `something else or a damaged file (${firstLine(cause)})`, cause);
  }
}

interface PictureKind {
  readonly format: PhotoFormat;
  readonly space: keyof typeof SPACES;
  readonly channels: 1 | 3;
  readonly bitDepth: BitDepth;
}

/** Without the bytes, an animated PNG goes unnoticed. */
function checkKind(file: string, bytes: Buffer | null, metadata: Metadata): PictureKind {
  const { format, space, depth } = metadata;
  if (!isPhotoFormat(format)) throw badPhoto(file, `a ${format.toUpperCase()} file`);
  if ((metadata.pages ?? 1) > 1) throw badPhoto(file, `an animation or a document of ${metadata.pages} pages`);
  if (format === "png" && bytes !== null && isAnimatedPng(bytes)) throw badPhoto(file, "an animated PNG file");
  const kind = SPACES[space];
  if (kind === undefined) {
    throw badPhoto(file, `a picture in the colour space ${space.toUpperCase()}; convert it to grey or RGB first`);
  }
  if (depth !== (kind.bitDepth === 16 ? "ushort" : "uchar")) {
    throw badPhoto(file, `values of the type ${depth}; save it with 8 or 16 bits first`);
  }
  return { format, space, ...kind };
}

/** An animated PNG announces itself by an acTL chunk before its first picture data; libvips reads only its first frame. */
function isAnimatedPng(bytes: Buffer): boolean {
  const control = bytes.indexOf("acTL");
  return control !== -1 && control < bytes.indexOf("IDAT");
}

interface Values {
  readonly values: Uint8Array | Uint16Array;
  readonly width: number;
  readonly height: number;
  readonly bands: number;
}

async function readValues(file: string, picture: Sharp, bitDepth: BitDepth): Promise<Values> {
  try {
    const depth = bitDepth === 16 ? "ushort" : "uchar";
    const { data, info } = await picture.raw({ depth }).toBuffer({ resolveWithObject: true });
    const count = info.width * info.height * info.channels;
    const values = bitDepth === 16 ? new Uint16Array(data.buffer, data.byteOffset, count) : data;
    return { values, width: info.width, height: info.height, bands: info.channels };
  } catch (cause) {
    throw badPhoto(file, `a damaged or cut-off one (${firstLine(cause)})`, cause);
  }
}

/** Scales whole numbers to 0..1 and keeps the band after the colours apart. */
function splitAlpha({ values, width, height, bands }: Values, channels: 1 | 3, largest: number) {
  const data = new Float32Array(width * height * channels);
  const alpha = bands > channels ? new Float32Array(width * height) : null;
  for (let pixel = 0; pixel < width * height; pixel++) {
    for (let channel = 0; channel < channels; channel++) {
      data[pixel * channels + channel] = (values[pixel * bands + channel] ?? NaN) / largest;
    }
    if (alpha !== null) alpha[pixel] = (values[pixel * bands + channels] ?? NaN) / largest;
  }
  return { photo: { width, height, channels, data }, alpha };
}

function badPhoto(file: string, got: string, cause?: unknown): LabError {
  return new LabError("bad_data", `decode ${file}: expected a ${FORMAT_NAMES} photo, got ${got}`, { cause });
}

function firstLine(cause: unknown): string {
  const text = cause instanceof Error ? cause.message : String(cause);
  return at(text.split("\n", 1), 0, "decode: line of a message");
}
