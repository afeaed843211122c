import { access, constants, stat } from "node:fs/promises";

import sharp, { type Metadata, type Sharp } from "sharp";

import { toDiskError } from "#main/files/diskError.ts";
import { adviseOnFormat, HEIC_ADVICE } from "#main/photos/adviseOnFormat.ts";
import type { PhotoShape } from "#main/photos/decodedPhoto.ts";
import { type BitDepth, isPhotoFormat, type PhotoFormat } from "#main/photos/photoFormat.ts";

import { badPhoto } from "./badPhoto.ts";

/** libvips' names of the colour spaces that hold plain grey or RGB values, with the channels of a photo in them. */
const SPACES: Readonly<Record<string, { readonly channels: 1 | 3; readonly bitDepth: BitDepth }>> = {
  "b-w": { channels: 1, bitDepth: 8 },
  srgb: { channels: 3, bitDepth: 8 },
  grey16: { channels: 1, bitDepth: 16 },
  rgb16: { channels: 3, bitDepth: 16 },
};

/** A file is read as a whole, and Node reads no more than this at once. */
const LARGEST_FILE_BYTES = 2 ** 31 - 1;
/** A photo's values are computed with as 32-bit floats. */
const BYTES_PER_FLOAT = 4;

/** What the head of a photo's file says. */
export interface PhotoHead extends PhotoShape {
  readonly format: PhotoFormat;
  /** libvips' name of the colour space. */
  readonly space: keyof typeof SPACES;
  /** True where the values are not the file's own: CMYK is converted to sRGB by the profile that it comes with. */
  readonly isConverted: boolean;
  readonly metadata: Metadata;
  /** What the photo takes while it is decoded: its values as they lie in the file, and as floats. */
  readonly decodedBytes: number;
}

/**
 * Reads the head of a photo's file, and nothing that grows with the picture. Throws LabError not_found, permission or disk
 * where the file cannot be read, bad_data for what is no plain file, no photo of these formats, or larger than `largestBytes`.
 */
export async function readHead(file: string, largestBytes: number): Promise<PhotoHead> {
  await checkFile(file);
  // Raw files are TIFF files to libvips, which finds a small preview in them.
  const advice = adviseOnFormat(file);
  if (advice !== null) throw badPhoto(file, advice);
  const metadata = await readMetadata(file);
  const { depth, pages = 1, width, height, autoOrient } = metadata;
  const format = nameFormat(metadata);
  if (!isPhotoFormat(format)) throw badPhoto(file, format === "heif" ? HEIC_ADVICE : `a ${format.toUpperCase()} file`);
  if (pages > 1) throw badPhoto(file, `an animation or a document of ${pages} pages`);
  const isConverted = metadata.space === "cmyk";
  if (isConverted && metadata.icc === undefined) {
    throw badPhoto(
      file,
      "a picture in the colour space CMYK without a profile of its colours; convert it to grey or RGB first",
    );
  }
  const space = !isConverted ? metadata.space : depth === "ushort" ? "rgb16" : "srgb";
  const kind = SPACES[space];
  if (kind === undefined) {
    throw badPhoto(file, `a picture in the colour space ${space.toUpperCase()}; convert it to grey or RGB first`);
  }
  if (depth !== (kind.bitDepth === 16 ? "ushort" : "uchar")) {
    throw badPhoto(file, `values of the type ${depth}; save it with 8 or 16 bits first`);
  }
  const decodedBytes = width * height * metadata.channels * (kind.bitDepth / 8 + BYTES_PER_FLOAT);
  if (decodedBytes > largestBytes) {
    const got = `one of ${width}x${height} pixels, which takes ${toMb(decodedBytes)} MB when it is opened`;
    throw badPhoto(file, `${got}; the settings allow ${toMb(largestBytes)} MB for a photo`);
  }
  return {
    ...kind,
    format,
    space,
    isConverted,
    metadata,
    decodedBytes,
    width: autoOrient.width,
    height: autoOrient.height,
  };
}

/** Opens a picture so that nothing is repaired in silence and no profile is applied unless asked for; its size was checked by its head. */
export function openPicture(source: Uint8Array | string, { isConverted = false } = {}): Sharp {
  return sharp(source, { failOn: "error", ignoreIcc: !isConverted, autoOrient: true, limitInputPixels: false });
}

/** Of what libvips calls HEIF only AVIF can be read. */
function nameFormat({ format, compression }: Metadata): string {
  return format === "heif" && compression === "av1" ? "avif" : format;
}

/** Throws LabError where opening the file would fail or, as with a pipe, wait for ever. */
async function checkFile(file: string): Promise<void> {
  const found = await stat(file).catch((cause: unknown) => {
    throw toDiskError(`open ${file}`, cause);
  });
  if (found.isDirectory()) throw badPhoto(file, "a folder");
  if (!found.isFile()) throw badPhoto(file, "a pipe, a socket or a device");
  if (found.size === 0) throw badPhoto(file, "an empty file");
  if (found.size > LARGEST_FILE_BYTES) {
    throw badPhoto(file, `a file of ${toMb(found.size)} MB; at most ${toMb(LARGEST_FILE_BYTES)} MB can be read`);
  }
  // libvips does not say why it cannot open a file.
  await access(file, constants.R_OK).catch((cause: unknown) => {
    throw toDiskError(`open ${file}`, cause);
  });
}

async function readMetadata(file: string): Promise<Metadata> {
  try {
    return await openPicture(file).metadata();
  } catch (cause) {
    throw badPhoto(file, "something else or a damaged file", cause);
  }
}

function toMb(bytes: number): string {
  return Math.ceil(bytes / 1e6).toLocaleString("en");
}
