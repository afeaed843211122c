import sharp, { type Sharp } from "sharp";

import type { FileOptions } from "#shared/api/saving.ts";
import { LabError } from "#shared/labError.ts";
import type { Photo } from "#shared/image/photo.ts";
import type { DecodedPhoto, PhotoNotes } from "#main/photos/decodedPhoto.ts";
import { embedInPng } from "#main/photos/embedInPng.ts";
import { type BitDepth, largestValueOf, type PhotoFormat } from "#main/photos/photoFormat.ts";
import { createTiffCarrier } from "#main/photos/tiffCarrier.ts";
import { toUprightExif, toUprightXmp } from "#main/photos/uprightNotes.ts";

import { flatten } from "./flatten.ts";

/** How a photo is written; null keeps what the source has, and turns into what the format holds at most. */
export type EncodeFormat = FileOptions;

/** How much there is to write. */
interface Extent {
  readonly bitDepth: BitDepth;
  readonly pixels: number;
}

/**
 * A JPEG whose codes fit its own values is some 3 % smaller with the same pixels, but twelve bytes of each pixel are in memory until
 * its end.
 */
const MOST_PIXELS_CODED_TWICE = 8e6;

interface Writer {
  readonly hasAlpha: boolean;
  readonly deepest: BitDepth;
  /** What is left of 16 bits in the file. */
  readonly storedBits?: number;
  readonly write: (picture: Sharp, options: EncodeFormat, extent: Extent) => Sharp;
}

/** What each format can hold, and its writer: lossless where the format offers it and nobody wished otherwise. */
const WRITERS: Readonly<Record<PhotoFormat, Writer>> = {
  png: { hasAlpha: true, deepest: 16, write: (picture) => picture.png() },
  tiff: {
    hasAlpha: true,
    deepest: 16,
    write: (picture, { compression = "deflate" }) => picture.tiff({ compression, predictor: "horizontal" }),
  },
  jpeg: {
    hasAlpha: false,
    deepest: 8,
    write: (picture, { quality = 95, chroma = "4:4:4" }, { pixels }) =>
      picture.jpeg({ quality, chromaSubsampling: chroma, optimiseCoding: pixels <= MOST_PIXELS_CODED_TWICE }),
  },
  webp: {
    hasAlpha: true,
    deepest: 8,
    write: (picture, { quality }) => picture.webp(quality === undefined ? { lossless: true } : { quality }),
  },
  avif: {
    hasAlpha: true,
    deepest: 16,
    storedBits: 10, // more no common program shows
    write: (picture, { quality = 90, chroma = "4:4:4" }, { bitDepth }) =>
      picture.avif({ quality, chromaSubsampling: chroma, bitdepth: bitDepth === 16 ? 10 : 8 }),
  },
};

/** A photo that comes strip by strip, from top to bottom, so that no more of it need be in memory. */
export interface StripedPhoto extends PhotoNotes {
  readonly shape: Omit<Photo, "data">;
  readonly strips: AsyncIterable<Photo>;
}

/** Makes the bytes of a photo file, upright, values clipped to 0..1. Throws LabError where the format cannot hold the photo. */
export async function encodeToBytes({ photo, ...notes }: DecodedPhoto, options: EncodeFormat): Promise<Uint8Array> {
  async function* whole(): AsyncGenerator<Photo> {
    yield photo;
  }
  return encodeStrips({ ...notes, shape: photo, strips: whole() }, options);
}

/** Makes the bytes of a photo file as `encodeToBytes` does. */
export async function encodeStrips(source: StripedPhoto, options: EncodeFormat): Promise<Uint8Array> {
  const format = options.format ?? source.format;
  const { hasAlpha, deepest, storedBits, write } = WRITERS[format];
  const bitDepth = options.bitDepth ?? (source.bitDepth > deepest ? deepest : source.bitDepth);
  if (bitDepth > deepest) refuse("bad_config", `${format} holds at most ${deepest} bits, got ${bitDepth}`);
  if (source.alpha !== null && !hasAlpha && options.background === undefined) {
    refuse("bad_data", `${format} cannot hold its transparency; choose a background to put behind it`);
  }
  const background = hasAlpha ? null : (options.background ?? "#ffffff");
  const bands = source.alpha === null || background !== null ? source.shape.channels : withOpacity(source.shape);
  const room = makeRoom(source, bands, bitDepth);
  await fillIn(source, room.values, { bands, bitDepth, storedBits: storedBits ?? 16, background });
  const picture = shrink(await buildPicture(source, room, { bands, bitDepth }), options.longestSidePx);
  const pixels = source.shape.width * source.shape.height;
  return write(picture, options, { bitDepth, pixels }).toBuffer();
}

function shrink(picture: Sharp, longestSidePx: number | undefined): Sharp {
  if (longestSidePx === undefined) return picture;
  return picture.resize({ width: longestSidePx, height: longestSidePx, fit: "inside", withoutEnlargement: true });
}

/** Where the values of a picture are put, and the file around them where there is one. */
interface Room {
  readonly values: Uint8Array | Uint16Array;
  readonly file: Uint8Array | null;
}

/** How values lie in a picture, pixel by pixel. */
interface Layout {
  readonly bands: 1 | 2 | 3 | 4;
  readonly bitDepth: BitDepth;
}

function withOpacity({ channels }: StripedPhoto["shape"]): 2 | 4 {
  return channels === 1 ? 2 : 4;
}

/** A profile alone travels in a file around the values, which are then in memory once. */
function makeRoom({ shape, icc, exif, xmp }: StripedPhoto, bands: Layout["bands"], bitDepth: BitDepth): Room {
  const carrier =
    icc !== null && exif === null && xmp === null ? createTiffCarrier({ ...shape, bands, bitDepth }, icc) : null;
  if (carrier !== null) return carrier;
  const count = shape.width * shape.height * bands;
  return { values: bitDepth === 16 ? new Uint16Array(count) : new Uint8Array(count), file: null };
}

/** Makes sharp's picture of the photo; what is embedded travels in a file in memory, for raw pixels cannot carry it. */
async function buildPicture(source: StripedPhoto, { values, file }: Room, { bands, bitDepth }: Layout): Promise<Sharp> {
  const { width, height, channels } = source.shape;
  const space = channels === 1 ? (bitDepth === 16 ? "grey16" : "b-w") : bitDepth === 16 ? "rgb16" : "srgb";
  const carry = (carrier: Uint8Array): Sharp =>
    sharp(carrier, { ignoreIcc: true }).toColourspace(space).keepIccProfile();
  if (file !== null) return carry(file);
  const plain = sharp(values, { raw: { width, height, channels: bands } }).toColourspace(space);
  const embedded = {
    icc: source.icc,
    exif: source.exif === null ? null : toUprightExif(source.exif),
    xmp: source.xmp === null ? null : toUprightXmp(source.xmp),
  };
  if (embedded.icc === null && embedded.exif === null && embedded.xmp === null) return plain;
  return carry(embedInPng(await plain.png({ compressionLevel: 0 }).toBuffer(), embedded))
    .keepExif()
    .keepXmp();
}

/** How values become whole numbers; a background is put behind what is not opaque, null keeps the opacity. */
interface Rounding extends Layout {
  readonly storedBits: number;
  readonly background: string | null;
}

async function fillIn(
  { shape: { width, height, channels }, alpha, strips }: StripedPhoto,
  values: Room["values"],
  rounding: Rounding,
): Promise<void> {
  const count = width * height;
  const { bands, background } = rounding;
  let done = 0;
  for await (const strip of strips) {
    const pixels = strip.width * strip.height;
    const part = { photo: strip, alpha: alpha?.subarray(done, done + pixels) ?? null };
    const held = background === null ? part : flatten(part, background);
    if (strip.data.length !== pixels * channels) refuseLength(strip.data.length, pixels * channels);
    interleave(held, values.subarray(done * bands, (done + pixels) * bands), rounding);
    done += pixels;
  }
  if (done !== count || (alpha !== null && alpha.length !== count)) refuseLength(alpha?.length ?? done, count);
}

function interleave(
  { photo: { channels, data }, alpha }: Pick<DecodedPhoto, "photo" | "alpha">,
  target: Uint8Array | Uint16Array,
  { bands, bitDepth, storedBits }: Omit<Rounding, "background">,
): void {
  // Fewer bits than there is room for lie in the upper ones, as libvips cuts off the others.
  const unit = bitDepth === 16 ? 2 ** (16 - storedBits) : 1;
  const largest = Math.floor(largestValueOf(bitDepth) / unit);
  const toWhole = (value: number) => Math.round(Math.min(1, Math.max(0, value)) * largest) * unit;
  if (alpha === null) {
    for (let i = 0; i < target.length; i++) target[i] = toWhole(data[i] ?? NaN);
    return;
  }
  for (let pixel = 0; pixel < alpha.length; pixel++) {
    for (let channel = 0; channel < channels; channel++) {
      target[pixel * bands + channel] = toWhole(data[pixel * channels + channel] ?? NaN);
    }
    target[pixel * bands + channels] = toWhole(alpha[pixel] ?? NaN);
  }
}

function refuseLength(got: number, expected: number): never {
  throw new Error(`encode: a photo must have ${expected} values or opacities, got ${got}`);
}

function refuse(kind: "bad_config" | "bad_data", reason: string): never {
  throw new LabError(kind, `the photo cannot be written: ${reason}`);
}
