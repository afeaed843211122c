import { at } from "#shared/at.ts";
import { LabError } from "#shared/labError.ts";

import { BLOCK_PX, measureNoiseBlocks, type NoiseBlock, PLANE_PARAMETERS } from "#shared/image/noiseBlocks.ts";
import type { Photo } from "#shared/image/photo.ts";

import type { Shot } from "./shot.ts";

/** A block's brightness and the variance of the noise in it; 0..255 scale. */
export type MeasuredBlock = Pick<NoiseBlock, "signal255" | "variance" | "fine" | "coarse"> & {
  /** Values of it are exactly 0 or 1 in one of the photos, as clipped ones are. */
  readonly isClipped: boolean;
};

export interface MeasuredBlocks {
  readonly blocks: readonly MeasuredBlock[];
  /** Independent numbers in each block. */
  readonly freedom: number;
}

/** Photos of one scene agree in the means of blocks but for this share of how the means vary. */
const LARGEST_DISAGREEMENT = 0.1;
/** The means of blocks differ by noise too; by more than white noise gives, where neighbours have noise in common. */
const NOISE_MARGIN = 10;
const PIXELS = BLOCK_PX * BLOCK_PX;

/** Measures the noise of a photo against a clean one of the same scene. Throws LabError `bad_data` for another scene. */
export function measurePair(noisy: Shot, clean: Shot): MeasuredBlocks {
  checkSameScene(noisy, clean);
  const noise = subtract(noisy.blocks, clean.blocks, 1);
  return combine(clean.blocks, [noise], [noisy.blocks, clean.blocks], 1);
}

/**
 * Measures the noise of shots of one scene against their mean, which takes part of it: the variance between `n` shots is
 * theirs over `n - 1`. A shot that is a little brighter than the others as a whole is compared with a mean made as bright.
 * Throws LabError `bad_data` for shots of different scenes.
 */
export function measureBurst(shots: readonly Shot[]): MeasuredBlocks {
  const first = at(shots, 0, "measureBurst: shot");
  for (const other of shots.slice(1)) checkSameScene(other, first);
  const mean = averageOf(shots.map(({ blocks }) => blocks));
  const noises = shots.map(({ blocks }) => subtract(blocks, mean, meanOf(blocks) / meanOf(mean)));
  return combine(
    mean,
    noises,
    shots.map(({ blocks }) => blocks),
    shots.length - 1,
  );
}

/** Measures the noise of flat frames in themselves: each block is freed of its plane, which is light that falls off. */
export function measureFlat(shots: readonly Shot[]): MeasuredBlocks {
  const channels = at(shots, 0, "measureFlat: shot").blocks.channels;
  const blocks = shots.flatMap((shot) => measureNoiseBlocks(shot.blocks, BLOCK_PX));
  return {
    blocks: blocks.map((block) => ({ ...block, isClipped: block.boundShare > 0 })),
    freedom: freedomOf(channels),
  };
}

function combine(signal: Photo, noises: readonly Photo[], shots: readonly Photo[], divisor: number): MeasuredBlocks {
  const signals = measureNoiseBlocks(signal, BLOCK_PX);
  const parts = noises.map((noise) => measureNoiseBlocks(noise, BLOCK_PX));
  const clipped = shots.map((shot) => measureNoiseBlocks(shot, BLOCK_PX).map(({ boundShare }) => boundShare > 0));
  const blocks = signals.map(({ signal255 }, i) => {
    const sum = (of: (block: NoiseBlock) => number) =>
      parts.reduce((total, part) => total + of(at(part, i, "measured blocks: block")), 0) / divisor;
    return {
      signal255,
      variance: sum((block) => block.variance),
      fine: sum((block) => block.fine),
      coarse: sum((block) => block.coarse),
      isClipped: clipped.some((of) => at(of, i, "measured blocks: clipped")),
    };
  });
  return { blocks, freedom: divisor * freedomOf(signal.channels) };
}

function freedomOf(channels: number): number {
  return channels * (PIXELS - PLANE_PARAMETERS);
}

function checkSameScene(one: Shot, other: Shot): void {
  const difference = subtract(one.blocks, other.blocks, meanOf(one.blocks) / meanOf(other.blocks));
  const [blocks, ofOne, ofOther] = [difference, one.blocks, other.blocks].map((photo) =>
    measureNoiseBlocks(photo, BLOCK_PX),
  );
  if (blocks === undefined || ofOne === undefined || ofOther === undefined)
    throw new Error("scene: three were measured");
  const noise = (NOISE_MARGIN * mean(blocks.map(({ variance }) => variance))) / PIXELS;
  const contrast = varianceOfMeans(ofOne) + varianceOfMeans(ofOther);
  if (varianceOfMeans(blocks) <= LARGEST_DISAGREEMENT * contrast + noise) return;
  throw new LabError(
    "bad_data",
    `${one.name} and ${other.name} must show the same scene from the same place, and they differ by more than noise`,
  );
}

function varianceOfMeans(blocks: readonly NoiseBlock[]): number {
  const middle = mean(blocks.map(({ signal255 }) => signal255));
  return mean(blocks.map(({ signal255 }) => (signal255 - middle) ** 2));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function meanOf({ data }: Photo): number {
  // A black photo is as bright as any other black one.
  return Math.max(data.reduce((sum, value) => sum + value, 0) / data.length, Number.EPSILON);
}

/** One minus the other times a factor. */
function subtract(one: Photo, other: Photo, factor: number): Photo {
  return { ...one, data: one.data.map((value, i) => value - factor * (other.data[i] ?? NaN)) };
}

function averageOf(photos: readonly Photo[]): Photo {
  const first = at(photos, 0, "measureBurst: photo");
  const sum = new Float64Array(first.data.length);
  for (const { data } of photos) {
    for (const [i, value] of data.entries()) sum[i] = (sum[i] ?? NaN) + value;
  }
  return { ...first, data: Float32Array.from(sum, (value) => value / photos.length) };
}
