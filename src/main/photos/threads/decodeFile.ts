import { readFile } from "node:fs/promises";

import type { Sharp } from "sharp";

import { toDiskError } from "#main/files/diskError.ts";
import type { DecodedPhoto, PhotoNotes, PhotoShape } from "#main/photos/decodedPhoto.ts";
import { type BitDepth, largestValueOf } from "#main/photos/photoFormat.ts";

import { badPhoto } from "./badPhoto.ts";
import { openPicture, type PhotoHead, readHead } from "./photoHead.ts";
import { newFloats } from "./sharedFloats.ts";

/** Decodes a photo's file; see `decodePhoto`. */
export async function decodeFile(file: string, largestBytes: number): Promise<DecodedPhoto> {
  const { head, values } = await readValues(file, largestBytes);
  return { ...notesOf(head), ...splitAlpha(values, head.channels, largestOf(head)) };
}

/** Reads what a photo has beside its pixels from the head of its file, and whether there is opacity, which has to be decoded. */
export async function readNotes(
  file: string,
  largestBytes: number,
): Promise<Omit<PhotoNotes, "alpha"> & { readonly channels: 1 | 3; readonly hasAlpha: boolean }> {
  const head = await readHead(file, largestBytes);
  return { ...notesOf(head), channels: head.channels, hasAlpha: head.metadata.hasAlpha };
}

function notesOf({ metadata, bitDepth, format, isConverted }: PhotoHead) {
  return {
    bitDepth,
    format,
    icc: isConverted ? null : (metadata.icc ?? null),
    exif: metadata.exif ?? null,
    xmp: metadata.xmp ?? null,
  };
}

/** Decodes a photo's file to see that it is whole, and tells its shape; see `inspectPhoto`. */
export async function inspectFile(file: string, largestBytes: number): Promise<PhotoShape> {
  const { head, values } = await readValues(file, largestBytes);
  return { width: values.width, height: values.height, channels: head.channels, bitDepth: head.bitDepth };
}

/** Tells a photo's shape and what it takes when it is decoded, by the head of its file; see `readHead`. */
export async function measureDecoded(
  file: string,
  largestBytes: number,
): Promise<{ readonly shape: PhotoShape; readonly decodedBytes: number }> {
  const { width, height, channels, bitDepth, decodedBytes } = await readHead(file, largestBytes);
  return { shape: { width, height, channels, bitDepth }, decodedBytes };
}

/** Tells a photo's shape by the head of its file; see `readPhotoShape`. */
export async function readShape(file: string): Promise<PhotoShape> {
  const { width, height, channels, bitDepth } = await readHead(file, Infinity);
  return { width, height, channels, bitDepth };
}

interface Values {
  readonly values: Uint8Array | Uint16Array;
  readonly width: number;
  readonly height: number;
  readonly bands: number;
}

async function readValues(
  file: string,
  largestBytes: number,
): Promise<{ readonly head: PhotoHead; readonly values: Values }> {
  const head = await readHead(file, largestBytes);
  const bytes = await readFile(file).catch((cause: unknown) => {
    throw toDiskError(`open ${file}`, cause);
  });
  if (head.format === "png" && isAnimatedPng(bytes)) throw badPhoto(file, "an animated PNG file");
  return { head, values: await readPixels(file, openPicture(bytes, head).toColourspace(head.space), head.bitDepth) };
}

/** An animated PNG announces itself by an acTL chunk before its first picture data; libvips reads only its first frame. */
function isAnimatedPng(bytes: Buffer): boolean {
  const data = bytes.indexOf("IDAT");
  return bytes.subarray(0, data === -1 ? bytes.length : data).includes("acTL");
}

async function readPixels(file: string, picture: Sharp, bitDepth: BitDepth): Promise<Values> {
  try {
    const depth = bitDepth === 16 ? "ushort" : "uchar";
    const { data, info } = await picture.raw({ depth }).toBuffer({ resolveWithObject: true });
    const count = info.width * info.height * info.channels;
    const values = bitDepth === 16 ? new Uint16Array(data.buffer, data.byteOffset, count) : data;
    return { values, width: info.width, height: info.height, bands: info.channels };
  } catch (cause) {
    throw badPhoto(file, "a damaged or cut-off one", cause);
  }
}

/** AVIF keeps 10 or 12 bits, which libvips puts into the upper ones of 16. */
function largestOf({ bitDepth, format, metadata: { bitsPerSample = bitDepth } }: PhotoHead): number {
  const largest = largestValueOf(bitDepth);
  const missing = format === "avif" ? bitDepth - bitsPerSample : 0;
  return missing > 0 ? largest - (2 ** missing - 1) : largest;
}

/** Scales whole numbers to 0..1 and keeps the band after the colours apart. */
function splitAlpha({ values, width, height, bands }: Values, channels: 1 | 3, largest: number) {
  const data = newFloats(width * height * channels);
  const alpha = bands > channels ? newFloats(width * height) : null;
  if (bands === channels) {
    for (let i = 0; i < data.length; i++) data[i] = (values[i] ?? NaN) / largest;
    return { photo: { width, height, channels, data }, alpha };
  }
  for (let pixel = 0; pixel < width * height; pixel++) {
    for (let channel = 0; channel < channels; channel++) {
      data[pixel * channels + channel] = (values[pixel * bands + channel] ?? NaN) / largest;
    }
    if (alpha !== null) alpha[pixel] = (values[pixel * bands + channels] ?? NaN) / largest;
  }
  return { photo: { width, height, channels, data }, alpha };
}
