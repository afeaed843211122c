import { assertNever } from "#shared/assertNever.ts";
import { at } from "#shared/at.ts";
import { LabError } from "#shared/labError.ts";

import { LARGEST_WHITE_RATIO } from "#shared/image/estimateSigma.ts";
import type { Noise } from "#shared/image/noise.ts";
import { BLOCK_PX, measureNoiseBlocks } from "#shared/image/noiseBlocks.ts";

import { type MeasuredBlock, type MeasuredBlocks, measureBurst, measureFlat, measurePair } from "./measuredBlocks.ts";
import { fitNoiseLine, median, type NoiseLevel, type NoiseLine, quantile, residualOf } from "./noiseLine.ts";
import { checkSameShapes, type Shot } from "./shot.ts";

/** The ways to see noise: beside a clean photo, between shots, or on an even surface. */
export const FIT_WAYS = ["pair", "burst", "flat"] as const;
export type FitWay = (typeof FIT_WAYS)[number];

/** The noise of a camera as a line, and how well the line says what was measured. */
export interface CameraFit {
  readonly way: FitWay;
  /** Of the photos: 1 grey, 3 colour. */
  readonly channels: 1 | 3;
  readonly noise: Noise<"poisson_gaussian">;
  /** Dark first. */
  readonly levels: readonly NoiseLevel[];
  /** How far the levels are from the line, as a share of it; 0.05 is good. */
  readonly residual: number;
  /** So far that the line is a rough description. */
  readonly isPoor: boolean;
  /** Brightness that was measured, 0..255 scale. */
  readonly from255: number;
  readonly to255: number;
  /** Values that were looked at, of all photos and channels; places that were left out do not count. */
  readonly values: number;
  /** Share of the places that was left out because values are clipped there. */
  readonly clippedShare: number;
  /** Whether neighbouring pixels have noise of their own, as the noise model has; finished photos do not. */
  readonly isWhite: boolean;
  /** The photo that was taken for the clean one; null where there is none. */
  readonly clean: string | null;
}

/** More shots than this tell no more. */
export const MOST_SHOTS = 32;

/** Of two photos of one scene the one with so much less variance in its flattest places is a clean one. */
const CLEANER = 3;
const FLATTEST_SHARE = 0.1;

const LEVEL_WIDTH_255 = 8;
const FEWEST_BLOCKS = 64;
const FEWEST_BLOCKS_OF_LEVEL = 12;
/** A level in which more blocks than this are clipped is left out: the others are those with the least noise. */
const LARGEST_CLIPPED = 0.25;
/** A narrower range of brightness does not tell the two parts of the noise apart. */
const SMALLEST_RANGE_255 = 25;
/** Variances of blocks of pure noise lie closer around their median than this share of it (between quartiles). */
const LARGEST_FLAT_SPREAD = 0.6;
/** So many of the levels of a flat frame are even: a corner of the room or some dust may be in it. */
const EVEN_SHARE = 0.75;
/** Lines through the noise of sensors are closer; those of finished photos are further off. */
const POOR_RESIDUAL = 0.15;
/** Further from its line than this, noise has none. */
const LARGEST_RESIDUAL = 0.5;
/** Below a hundredth of a grey level nothing was measured. */
const SMALLEST_VARIANCE_255 = 1e-4;
/** The noise model has no smaller part that grows with the signal; it cannot be seen. */
const SMALLEST_GAIN = 1e-6;
const DIGITS = 4;

/** Says which way photos can be fitted: one is a flat frame, two may be a noisy and a clean one, more are a burst. */
export function findFitWay(shots: readonly Shot[]): FitWay {
  const [one, other, ...more] = shots;
  if (one === undefined || other === undefined) return "flat";
  if (more.length > 0) return "burst";
  const [less = NaN, greater = NaN] = [noiseIn(one), noiseIn(other)].toSorted((a, b) => a - b);
  return greater > CLEANER * less ? "pair" : "burst";
}

/**
 * Fits `variance = gain * signal + sigma^2` (0..1 scale), the noise of photons and electronics, to a noisy and a clean photo,
 * to a burst, or to flat frames: the noise model of Foi, Trimeche, Katkovnik and Egiazarian (2008, "Practical
 * Poissonian-Gaussian noise modeling and fitting for single-image raw-data"), with the noise measured directly instead of in
 * one photo's segments. Blocks of 8x8 pixels, freed of their plane, give variances; at each brightness their median counts,
 * which what moved or is not sharp in the same way hardly changes; clipped places are left out; a robust line is laid through
 * the medians (`fitNoiseLine`). Throws LabError `bad_data` that says why where there is no such line.
 */
export function fitCamera(shots: readonly Shot[], wanted: FitWay | null = null): CameraFit {
  checkSameShapes(shots.map(({ name, width, height, blocks }) => ({ name, width, height, channels: blocks.channels })));
  const way = wanted ?? findFitWay(shots);
  checkCount(way, shots.length);
  const { measured, clean } = measure(way, shots);
  const { blocks, freedom } = measured;
  const kept = listLevels(blocks, freedom);
  if (way === "flat") checkFlat(kept);
  const levels = kept.map(({ level }) => level);
  const line = fitNoiseLine(levels);
  const residual = residualOf(levels, line);
  checkLine(levels, line, residual);
  const used = kept.flatMap((each) => each.blocks);
  const sum = (of: (block: MeasuredBlock) => number) => used.reduce((total, block) => total + of(block), 0);
  const channels = at(shots, 0, "fitCamera: shot").blocks.channels;
  const photos = way === "flat" ? 1 : shots.length; // flat frames have blocks of their own each
  return {
    way,
    channels,
    noise: {
      kind: "poisson_gaussian",
      gain: round(Math.max(SMALLEST_GAIN, line.slope / 255)),
      sigma255: round(Math.sqrt(line.constant255)),
    },
    levels,
    residual,
    isPoor: residual > POOR_RESIDUAL,
    from255: at(levels, 0, "fitCamera: level").signal255,
    to255: at(levels, levels.length - 1, "fitCamera: level").signal255,
    values: used.length * BLOCK_PX * BLOCK_PX * channels * photos,
    clippedShare: blocks.filter(({ isClipped }) => isClipped).length / blocks.length,
    isWhite: sum(({ coarse }) => coarse) < LARGEST_WHITE_RATIO * sum(({ fine }) => fine),
    clean,
  };
}

function checkCount(way: FitWay, count: number): void {
  const isRight = way === "pair" ? count === 2 : way === "burst" ? count >= 2 : count >= 1;
  if (isRight && count <= MOST_SHOTS) return;
  const wanted = { pair: "two photos", burst: `2 to ${MOST_SHOTS} shots`, flat: `1 to ${MOST_SHOTS} frames` }[way];
  throw new LabError("bad_data", `a ${way} must be ${wanted}, got ${count}`);
}

function measure(
  way: FitWay,
  shots: readonly Shot[],
): { readonly measured: MeasuredBlocks; readonly clean: string | null } {
  switch (way) {
    case "pair": {
      const [clean, noisy] = shots.toSorted((a, b) => noiseIn(a) - noiseIn(b));
      if (clean === undefined || noisy === undefined) throw new Error("fitCamera: a pair was counted");
      return { measured: measurePair(noisy, clean), clean: clean.name };
    }
    case "burst":
      return { measured: measureBurst(shots), clean: null };
    case "flat":
      return { measured: measureFlat(shots), clean: null };
    default:
      return assertNever(way);
  }
}

/** How much noise, or else texture, a shot has where it is flattest. */
function noiseIn({ blocks }: Shot): number {
  const measured = measureNoiseBlocks(blocks, BLOCK_PX).map(({ diagonal }) => diagonal);
  return measured.length === 0 ? 0 : quantile(measured, FLATTEST_SHARE);
}

interface LevelOfBlocks {
  readonly level: NoiseLevel;
  readonly blocks: readonly MeasuredBlock[];
}

function listLevels(blocks: readonly MeasuredBlock[], freedom: number): readonly LevelOfBlocks[] {
  if (blocks.length < FEWEST_BLOCKS) {
    throw new LabError("bad_data", `photos must have at least 48 x 48 pixels, got ${blocks.length} places to measure`);
  }
  const parts = new Map<number, MeasuredBlock[]>();
  for (const block of blocks) {
    const part = Math.floor(block.signal255 / LEVEL_WIDTH_255);
    const others = parts.get(part);
    if (others === undefined) parts.set(part, [block]);
    else others.push(block);
  }
  const levels = [...parts].toSorted(([a], [b]) => a - b).flatMap(([, part]) => toLevel(part, freedom));
  if (levels.length === 0) {
    const clipped = blocks.filter(({ isClipped }) => isClipped).length / blocks.length;
    throw new LabError(
      "bad_data",
      `values must lie between black and white; ${Math.round(100 * clipped)} % of the places have clipped ones, and too few are left`,
    );
  }
  return levels;
}

function toLevel(part: readonly MeasuredBlock[], freedom: number): readonly LevelOfBlocks[] {
  const blocks = part.filter(({ isClipped }) => !isClipped);
  if (blocks.length < FEWEST_BLOCKS_OF_LEVEL || blocks.length < (1 - LARGEST_CLIPPED) * part.length) return [];
  // The median of a chi-squared variable over its freedom (Wilson and Hilferty 1931).
  const medianOverMean = (1 - 2 / (9 * freedom)) ** 3;
  const signal255 = blocks.reduce((sum, block) => sum + block.signal255, 0) / blocks.length;
  const variance255 = median(blocks.map(({ variance }) => variance)) / medianOverMean;
  return [{ blocks, level: { signal255, variance255, blocks: blocks.length } }];
}

function checkFlat(levels: readonly LevelOfBlocks[]): void {
  const spreads = levels.map(({ blocks, level }) => {
    const variances = blocks.map(({ variance }) => variance);
    return (quantile(variances, 0.75) - quantile(variances, 0.25)) / Math.max(level.variance255, SMALLEST_VARIANCE_255);
  });
  if (quantile(spreads, EVEN_SHARE) <= LARGEST_FLAT_SPREAD) return;
  throw new LabError(
    "bad_data",
    "a flat frame must show an even, unsharp surface and nothing else, and this photo has texture; take a burst or a pair instead",
  );
}

function checkLine(levels: readonly NoiseLevel[], line: NoiseLine, residual: number): void {
  const from = at(levels, 0, "fitCamera: level").signal255;
  const to = at(levels, levels.length - 1, "fitCamera: level").signal255;
  if (median(levels.map(({ variance255 }) => variance255)) < SMALLEST_VARIANCE_255) {
    throw new LabError("bad_data", "photos must have noise, and nothing differs here; is it the same file twice?");
  }
  if (to - from < SMALLEST_RANGE_255) {
    throw new LabError(
      "bad_data",
      `brightness must reach over ${SMALLEST_RANGE_255} of 255 levels at least, or the two parts of the noise cannot be told apart; got ${Math.round(from)} to ${Math.round(to)}`,
    );
  }
  if (residual <= LARGEST_RESIDUAL) return;
  const got = line.slope === 0 ? "it falls" : `it is ${Math.round(100 * residual)} % off`;
  throw new LabError(
    "bad_data",
    `the variance of the noise must rise with brightness along a line, and ${got}, as in finished photos; take photos developed without a tone curve`,
  );
}

function round(value: number): number {
  return Number(value.toPrecision(DIGITS));
}
