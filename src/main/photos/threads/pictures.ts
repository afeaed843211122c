import { type PixelFile, readPixels } from "#main/files/pixelFile.ts";
import type { PhotoNotes } from "#main/photos/decodedPhoto.ts";
import type { NoiseFigures } from "#shared/api/noise.ts";
import { blend } from "#shared/image/blend.ts";
import { estimateSigma255 } from "#shared/image/estimateSigma.ts";
import type { Rectangle } from "#shared/image/geometry.ts";
import { expectHistogram, type SettledNoise } from "#shared/image/noise.ts";
import { measureNoiseBetween } from "#shared/image/noiseFigures.ts";
import type { Photo } from "#shared/image/photo.ts";

import { type EncodeFormat, encodeToBytes } from "./encodeToBytes.ts";
import { tagBytes, type TaggedBytes } from "./viewing.ts";

/** Shows where a picture differs from the clean one: middle grey where nothing does. */
export function toErrorMap(picture: Photo, clean: Photo, gain: number): Photo {
  return { ...picture, data: picture.data.map((value, i) => 0.5 + (gain * (value - (clean.data[i] ?? NaN))) / 2) };
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

/** Makes the bytes of a photo file of a whole result; a profile of a grey source does not fit a colour result and is left out. */
export async function encodeResult(
  source: PhotoNotes & { readonly channels: 1 | 3 },
  pixels: { readonly input: PixelFile; readonly output: PixelFile },
  { strength, ...format }: EncodeFormat & { readonly strength: number },
): Promise<TaggedBytes> {
  const { width, height } = pixels.output;
  const photo = await blendPixels(pixels.input, pixels.output, { x: 0, y: 0, width, height }, strength);
  const icc = photo.channels === source.channels ? source.icc : null;
  return tagBytes(await encodeToBytes({ ...source, icc, photo }, format));
}
