import sharp, { type Sharp } from "sharp";

import { LabError } from "#shared/labError.ts";
import type { DecodedPhoto } from "#main/photos/decodedPhoto.ts";
import { embedInPng } from "#main/photos/embedInPng.ts";
import { type BitDepth, largestValueOf, type PhotoFormat } from "#main/photos/photoFormat.ts";
import { toUprightExif, toUprightXmp } from "#main/photos/uprightNotes.ts";

/** How a photo is written; null keeps what the source has. */
export interface EncodeFormat {
  readonly format: PhotoFormat | null;
  /** Formats of 8 bits only turn a null into 8. */
  readonly bitDepth: BitDepth | null;
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

/** Makes the bytes of a photo file, upright, values clipped to 0..1. Throws LabError bad_config where the format cannot hold the photo. */
export async function encodeToBytes(source: DecodedPhoto, options: EncodeFormat): Promise<Uint8Array> {
  const format = options.format ?? source.format;
  const { hasAlpha, deepest, write } = WRITERS[format];
  const bitDepth = options.bitDepth ?? (source.bitDepth > deepest ? deepest : source.bitDepth);
  if (bitDepth > deepest) refuse(`${format} holds at most ${deepest} bits, got ${bitDepth}`);
  if (source.alpha !== null && !hasAlpha) refuse(`${format} cannot hold the photo's transparency`);
  return write(await buildPicture(source, bitDepth)).toBuffer();
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

function refuse(reason: string): never {
  throw new LabError("bad_config", `encode: ${reason}`);
}
