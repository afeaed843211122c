import { readFile, writeFile } from "node:fs/promises";

import sharp from "sharp";

import { toDiskError } from "#main/files/diskError.ts";
import { type PixelFile, readPixels } from "#main/files/pixelFile.ts";
import { writeFileAtomically } from "#main/files/writeFileAtomically.ts";
import { writeNewFile } from "#main/files/writeNewFile.ts";
import type { PhotoNotes } from "#main/photos/decodedPhoto.ts";
import type { NoiseFigures } from "#shared/api/noise.ts";
import { blend } from "#shared/image/blend.ts";
import { estimateSigma255 } from "#shared/image/estimateSigma.ts";
import type { Rectangle } from "#shared/image/geometry.ts";
import { mapValues } from "#shared/image/mapValues.ts";
import { expectHistogram, type SettledNoise } from "#shared/image/noise.ts";
import { measureNoiseBetween } from "#shared/image/noiseFigures.ts";
import type { Photo } from "#shared/image/photo.ts";
import { computeMse, toPsnrDb } from "#shared/image/psnr.ts";

import { type EncodeFormat, encodeStrips } from "./encodeToBytes.ts";
import { tagBytes, type TaggedBytes } from "./viewing.ts";

/** Shows where a picture differs from the clean one: middle grey where nothing does. */
export function toErrorMap(picture: Photo, clean: Photo, gain: number): Photo {
  const data = mapValues(picture.data, (value, i) => 0.5 + (gain * (value - (clean.data[i] ?? NaN))) / 2);
  return { ...picture, data };
}

/** Says in figures what noise did to a picture. */
export function describeNoise(
  clean: Photo,
  noisy: Photo,
  noise: SettledNoise,
): Omit<NoiseFigures, "photo" | "width" | "height" | "noise"> {
  const measured = measureNoiseBetween(noisy, clean);
  const expected = expectHistogram(clean, noise, measured.histogram);
  return {
    ...measured,
    estimatedSigma255: estimateSigma255(noisy),
    histogram: { ...measured.histogram, expected },
  };
}

/**
 * Reads a part of what went into a network and of what came out, and blends them to what a person gets; see `blend`. Where a part
 * alone came out, `areaOfOutput` says where in its file the same pixels lie.
 */
export async function blendPixels(
  input: PixelFile,
  output: PixelFile,
  area: Rectangle,
  strength: number,
  areaOfOutput: Rectangle = area,
): Promise<Photo> {
  return blend(await readPixels(input, area), await readPixels(output, areaOfOutput), strength);
}

/** Rows that are worked on at once, so that a large photo is never in memory. */
const ROWS_AT_ONCE = 128;

/** Cuts a photo into strips as wide as it is, from top to bottom. */
function cutStrips({ width, height }: PixelFile): readonly Rectangle[] {
  return Array.from({ length: Math.ceil(height / ROWS_AT_ONCE) }, (_, index) => {
    const y = index * ROWS_AT_ONCE;
    return { x: 0, y, width, height: Math.min(ROWS_AT_ONCE, height - y) };
  });
}

/** Measures what went into a network, and what a person gets of what came out, against the clean photo: PSNR in dB. */
export async function measureGain(
  clean: PixelFile,
  input: PixelFile,
  output: PixelFile,
): Promise<{ readonly noisy: number; readonly denoised: number }> {
  let [noisy, denoised] = [0, 0];
  for (const area of cutStrips(clean)) {
    const [wanted, before] = [await readPixels(clean, area), await readPixels(input, area)];
    const share = area.height / clean.height;
    noisy += share * computeMse(before, wanted);
    denoised += share * computeMse(blend(before, await readPixels(output, area), 1), wanted);
  }
  return { noisy: toPsnrDb(noisy), denoised: toPsnrDb(denoised) };
}

/**
 * Writes the photo file of a whole result and returns its size; a profile of a grey source does not fit a colour result and is
 * left out. Throws LabError `disk` or `permission`.
 */
export async function writeResult(
  file: string,
  source: PhotoNotes & { readonly channels: 1 | 3 },
  pixels: { readonly input: PixelFile; readonly output: PixelFile },
  { strength, ...format }: EncodeFormat & { readonly strength: number },
): Promise<{ readonly width: number; readonly height: number }> {
  const { width, height, channels } = pixels.output;
  const icc = channels === source.channels ? source.icc : null;
  const striped = { ...source, icc, shape: { width, height, channels }, strips: blendInStrips(pixels, strength) };
  const bytes = await encodeStrips(striped, format);
  await writeFile(file, bytes).catch((cause: unknown) => {
    throw toDiskError(`write ${file}`, cause);
  });
  const written = await sharp(bytes, { limitInputPixels: false }).metadata();
  return { width: written.width, height: written.height };
}

async function* blendInStrips(
  { input, output }: { readonly input: PixelFile; readonly output: PixelFile },
  strength: number,
): AsyncGenerator<Photo> {
  for (const area of cutStrips(output)) yield blendPixels(input, output, area, strength);
}

/** Reads a file that is to be handed on. Throws LabError `disk` or `permission`. */
export async function readTagged(file: string): Promise<TaggedBytes> {
  const bytes = await readFile(file).catch((cause: unknown) => {
    throw toDiskError(`read ${file}`, cause);
  });
  return tagBytes(bytes);
}

/** Copies a whole file to another place, as a whole; see `writeNewFile`, and `writeFileAtomically` where it may be replaced. */
export async function copyWhole(from: string, to: string, overwrite: boolean): Promise<void> {
  const bytes = await readFile(from).catch((cause: unknown) => {
    throw toDiskError(`read ${from}`, cause);
  });
  await writeWhole(to, bytes, overwrite);
}

/** Writes a whole file; see `writeNewFile`, and `writeFileAtomically` where it may be replaced. */
export async function writeWhole(file: string, bytes: Uint8Array, overwrite: boolean): Promise<void> {
  await (overwrite ? writeFileAtomically : writeNewFile)(file, bytes);
}
