import { writeFile } from "node:fs/promises";

import { toDiskError } from "#main/files/diskError.ts";
import { encodeNpy } from "#main/files/npy.ts";
import { type PixelFile, readPixels, writePixels } from "#main/files/pixelFile.ts";
import { at } from "#shared/at.ts";
import { blend } from "#shared/image/blend.ts";
import { estimateSigma255 } from "#shared/image/estimateSigma.ts";
import { gaussianBlur } from "#shared/image/gaussianBlur.ts";
import type { Rectangle } from "#shared/image/geometry.ts";
import { isSynthetic, type SettledNoise } from "#shared/image/noise.ts";
import type { NamedPhoto, Photo } from "#shared/image/photo.ts";
import { computePsnr } from "#shared/image/psnr.ts";
import { computeScores, type Scores } from "#shared/image/scores.ts";
import type { Versions } from "#shared/runs/evaluation.ts";

import { averageParts, drawNoisy, type NoisyWish } from "./noisyVersions.ts";

/** From hardly visible to very soft: the best blur for Gaussian noise of any usual sigma lies in between. */
const BLUR_SIGMAS_PX = [0.4, 0.6, 0.8, 1, 1.25, 1.5, 2, 2.5, 3];

/** A part of a noisy photo in a file for a network. */
export interface TestPart {
  readonly area: Rectangle;
  readonly noise: SettledNoise;
  readonly input: PixelFile;
}

/** A photo made noisy for a test. */
export interface NoisyTest {
  readonly parts: readonly TestPart[];
  readonly clean: PixelFile;
  /** All parts together. */
  readonly noisy: PixelFile;
  /** What a classical method is told: the sigma that was added where there is one, else an estimate. */
  readonly sigma255: number;
  readonly sigma: "known" | "estimated";
}

/** Makes a photo noisy as a protocol wants it and writes it and its parts into files whose names begin with `stem`. */
export async function prepareTest(photo: NamedPhoto, wish: NoisyWish, stem: string): Promise<NoisyTest> {
  const drawn = drawNoisy(photo, wish);
  const parts: TestPart[] = [];
  for (const [index, { area, noise, noisy }] of drawn.entries()) {
    parts.push({ area, noise, input: await writePixels(`${stem}-${index}.f32`, noisy) });
  }
  const noisy = averageParts(
    photo.clean,
    drawn.map((part) => ({ area: part.area, photo: part.noisy })),
  );
  return {
    parts,
    clean: await writePixels(`${stem}-clean.f32`, photo.clean),
    noisy: await writePixels(`${stem}-noisy.f32`, noisy),
    ...sigmaFor(at(drawn, 0, "evaluation: part").noise, noisy),
  };
}

/** Makes a photo noisy as a protocol wants it, to look at it as a whole. */
export function drawWhole(photo: NamedPhoto, wish: NoisyWish): Photo {
  const parts = drawNoisy(photo, wish);
  return averageParts(
    photo.clean,
    parts.map(({ area, noisy }) => ({ area, photo: noisy })),
  );
}

/** Measures what came out of a network, in files by part, beside the noisy photo and the best that blurring could do. */
export async function scoreTest(
  cleanPixels: PixelFile,
  noisyPixels: PixelFile,
  parts: readonly { readonly area: Rectangle; readonly output: PixelFile }[],
): Promise<{ readonly versions: Versions; readonly denoised: Photo }> {
  const [clean, noisy] = [await readWhole(cleanPixels), await readWhole(noisyPixels)];
  const outputs: { readonly area: Rectangle; readonly photo: Photo }[] = [];
  for (const { area, output } of parts) outputs.push({ area, photo: await readWhole(output) });
  const denoised = blend(noisy, averageParts(clean, outputs), 1);
  const versions = {
    noisy: computeScores(noisy, clean),
    blurred: computeScores(blurBest(noisy, clean), clean),
    denoised: computeScores(denoised, clean),
  };
  return { versions, denoised };
}

/** Writes a photo as a NumPy array. Throws LabError `disk` or `permission`. */
export async function writeNpy(file: string, photo: Photo): Promise<void> {
  await writeFile(file, encodeNpy(photo)).catch((cause: unknown) => {
    throw toDiskError(`write ${file}`, cause);
  });
}

/** Measures what a method made of a noisy photo. */
export function scoreOutput(clean: Photo, noisy: Photo, output: Photo): Scores {
  return computeScores(blend(noisy, output, 1), clean);
}

function readWhole(pixels: PixelFile): Promise<Photo> {
  return readPixels(pixels, { x: 0, y: 0, width: pixels.width, height: pixels.height });
}

function sigmaFor(noise: SettledNoise, noisy: Photo): Pick<NoisyTest, "sigma255" | "sigma"> {
  if (isSynthetic(noise) && noise.kind === "gaussian") return { sigma255: noise.sigma255, sigma: "known" };
  return { sigma255: estimateSigma255(noisy), sigma: "estimated" };
}

/** Blurs a noisy photo by that Gaussian which comes nearest to the clean one: the best that plain blurring could do. */
function blurBest(noisy: Photo, clean: Photo): Photo {
  let best = noisy;
  for (const sigmaPx of BLUR_SIGMAS_PX) {
    const blurred = gaussianBlur(noisy, sigmaPx);
    if (computePsnr(blurred, clean) > computePsnr(best, clean)) best = blurred;
  }
  return best;
}
