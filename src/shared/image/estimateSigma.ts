import { at } from "#shared/at.ts";

import { BLOCK_PX, measureNoiseBlocks, type NoiseBlock, PLANE_PARAMETERS } from "./noiseBlocks.ts";
import type { Photo } from "./photo.ts";

/** What a noisy photo alone tells of its noise. */
export interface NoiseEstimate {
  /** Root of the mean variance over channels and over the signals that the photo has, 0..255 scale. */
  readonly sigma255: number;
  /** Whether neighbouring pixels have noise of their own; a camera's demosaicing, denoising and JPEG make it alike. */
  readonly isWhite: boolean;
  /** The same by signal, dark first: how strong noise is at which brightness (0..255 scale both). */
  readonly levels: readonly { readonly signal255: number; readonly sigma255: number }[];
}

/** Blocks with more clipped values than this are left out: what is clipped has less noise than there was. */
const LARGEST_BOUND_SHARE = 0.05;
const FEWEST_BLOCKS = 100;
/** The photo's blocks are taken apart by signal into so many parts, of at least a hundred blocks. */
const PARTS = 12;
/** Of the flattest blocks this share is always trusted, or this many in a part with few. */
const TRUSTED_SHARE = 0.01;
const TRUSTED_BLOCKS = 12;
/** White noise has a quarter of its variance in each lower octave. */
const WHITE_RATIO = 0.25;
/** Above this the noise is called correlated: white noise stays below 0.34 on Kodak's photos, cameras' is around 1. */
export const LARGEST_WHITE_RATIO = 0.4;
/**
 * The ratio of one octave's variance to the next finer one falls by this factor from octave to octave, from 1 at most, until it
 * is that of white noise. Measured on camera pairs: 0.6; the flattest blocks have somewhat less coarse noise than the others.
 */
const RATIO_DECAY = 0.75;
const OCTAVES = 12;
/** Brightnesses closer than this have noise much alike. */
const SMOOTHED_OVER_255 = 15;

/**
 * Estimates the noise of a photo. Blocks of 8x8 pixels are freed of their plane, and the flattest ones at each brightness are
 * found as those whose variances are distributed as pure noise's would be (after the weakly textured patches of Liu, Tanaka
 * and Okutomi 2013, and the noise level functions of Liu, Freeman, Szeliski and Kang 2006). White noise is read off their
 * finest diagonal detail, where texture is least (Donoho and Johnstone 1994). Correlated noise is their whole variance, and
 * what is missing of still lower octaves is added by the ratio of the two finest ones. Science notes 7.
 */
export function estimateNoise(photo: Photo): NoiseEstimate {
  const blocks = pickUnclipped(measureNoiseBlocks(photo));
  if (blocks.length === 0) return { sigma255: 0, isWhite: true, levels: [] };
  const ratio = measureOctaveRatio(blocks, photo.channels);
  const isWhite = ratio < LARGEST_WHITE_RATIO;
  const freedom = isWhite ? whiteFreedom(photo.channels) : correlatedFreedom(ratio);
  const parts = splitBySignal(blocks).map((part) => {
    const { flat, variance, diagonal } = findFlat(part, freedom);
    return { signal255: meanOf(part, "signal255"), variance: isWhite ? diagonal : variance, share: flat / part.length };
  });
  const factor = isWhite ? 1 : wholeOverBlock(ratio);
  const levels = (isWhite ? fitLine(parts) : smooth(parts)).map(({ signal255, variance }) => ({
    signal255,
    variance: factor * variance,
  }));
  return {
    sigma255: Math.sqrt(levels.reduce((sum, { variance }) => sum + variance, 0) / levels.length),
    isWhite,
    levels: levels.map(({ signal255, variance }) => ({ signal255, sigma255: Math.sqrt(variance) })),
  };
}

/** Estimates the noise of a photo as one sigma on the 0..255 scale, as `estimateNoise` does; a photo under 8x8 pixels gives 0. */
export function estimateSigma255(photo: Photo): number {
  return estimateNoise(photo).sigma255;
}

/** Where nearly all is clipped, the least clipped blocks have to do. */
function pickUnclipped(blocks: readonly NoiseBlock[]): readonly NoiseBlock[] {
  const unclipped = blocks.filter(({ boundShare }) => boundShare <= LARGEST_BOUND_SHARE);
  return unclipped.length >= FEWEST_BLOCKS
    ? unclipped
    : blocks.toSorted((a, b) => a.boundShare - b.boundShare).slice(0, FEWEST_BLOCKS);
}

/** Measures how much coarser noise a photo's flat blocks have than fine noise; 0.25 for white noise. */
function measureOctaveRatio(blocks: readonly NoiseBlock[], channels: number): number {
  let ratio = WHITE_RATIO;
  // What counts as flat depends on the answer a little.
  for (let turn = 0; turn < 3; turn++) {
    const freedom = ratio < LARGEST_WHITE_RATIO ? whiteFreedom(channels) : correlatedFreedom(ratio);
    const { variance } = findFlat(blocks, freedom);
    const flat = blocks.filter((block) => block.variance <= 1.5 * variance);
    const fine = meanOf(flat, "fine");
    ratio = fine > 0 ? meanOf(flat, "coarse") / fine : WHITE_RATIO;
  }
  return ratio;
}

/** The equal parts of the blocks, dark first. */
function splitBySignal(blocks: readonly NoiseBlock[]): readonly (readonly NoiseBlock[])[] {
  const sorted = blocks.toSorted((a, b) => a.signal255 - b.signal255);
  const count = Math.max(1, Math.min(PARTS, Math.floor(sorted.length / FEWEST_BLOCKS)));
  const edge = (part: number) => Math.floor((part * sorted.length) / count);
  return Array.from({ length: count }, (_, part) => sorted.slice(edge(part), edge(part + 1)));
}

/**
 * Finds the variance of pure noise among blocks with and without texture: the smallest one for which the blocks below it
 * have the mean that blocks of pure noise below their own mean have. Texture adds to a block, so it hardly counts there.
 */
function findFlat(
  blocks: readonly NoiseBlock[],
  freedom: number,
): { readonly flat: number; readonly variance: number; readonly diagonal: number } {
  const sorted = blocks.toSorted((a, b) => a.variance - b.variance);
  const share = meanBelowMean(freedom);
  const trusted = Math.max(TRUSTED_SHARE * sorted.length, Math.min(TRUSTED_BLOCKS, sorted.length / 4));
  let sum = 0;
  let diagonal = 0;
  for (const [index, block] of sorted.entries()) {
    sum += block.variance;
    diagonal += block.diagonal;
    const flat = index + 1;
    const next = at(sorted, Math.min(flat, sorted.length - 1), "estimate: block").variance;
    if (flat >= trusted && sum <= flat * share * next)
      return { flat, variance: next, diagonal: diagonal / flat / share };
  }
  return { flat: sorted.length, variance: sum / sorted.length, diagonal: diagonal / sorted.length };
}

/** The mean of a chi-squared variable over its freedom, where it lies below 1, by summing its density. */
function meanBelowMean(freedom: number): number {
  const steps = 400;
  let sum = 0;
  let total = 0;
  for (let i = 0; i < steps; i++) {
    const x = (i + 0.5) / steps;
    const density = Math.exp((freedom / 2 - 1) * Math.log(x) - (freedom * (x - 1)) / 2);
    sum += x * density;
    total += density;
  }
  return sum / total;
}

function whiteFreedom(channels: number): number {
  return channels * (BLOCK_PX * BLOCK_PX - PLANE_PARAMETERS);
}

/** As many independent numbers vary as much as a block's details of three octaves do (Satterthwaite 1946); channels go together. */
function correlatedFreedom(ratio: number): number {
  const below = ratio * nextRatio(ratio);
  const octaves = [
    { details: 48, energy: 1 },
    { details: 12, energy: ratio },
    { details: 1, energy: below / 3 },
  ];
  const sum = octaves.reduce((total, { energy }) => total + energy, 0);
  return (sum * sum) / octaves.reduce((total, { details, energy }) => total + (energy * energy) / details, 0);
}

/** All of the noise over what a block without its plane has of it: a third of the third octave, and nothing below. */
function wholeOverBlock(ratio: number): number {
  const block = (1 + ratio + (ratio * nextRatio(ratio)) / 3) / (1 - PLANE_PARAMETERS / (BLOCK_PX * BLOCK_PX));
  let whole = 1;
  let energy = 1;
  let next = ratio;
  for (let octave = 0; octave < OCTAVES; octave++) {
    energy *= next;
    whole += energy;
    next = nextRatio(next);
  }
  return whole / block;
}

function nextRatio(ratio: number): number {
  return Math.max(WHITE_RATIO, RATIO_DECAY * Math.min(ratio, 1));
}

interface Part {
  readonly signal255: number;
  readonly variance: number;
  /** How many of its blocks are flat: where few are, texture is taken for noise. */
  readonly share: number;
}

type Level = Omit<Part, "share">;

/** Fits the line that the variance of white noise from photons and electronics is of the signal; none lies below all parts. */
function fitLine(parts: readonly Part[]): readonly Level[] {
  const smallest = Math.min(...parts.map(({ variance }) => variance));
  // Parts with few flat blocks, and those that texture lifts above the others, hardly count.
  const weighted = parts.map((part) => ({
    ...part,
    weight: (part.share / Math.max(part.variance, Number.EPSILON)) ** 2,
  }));
  const mean = (of: (part: Part) => number) =>
    weighted.reduce((sum, part) => sum + part.weight * of(part), 0) /
    weighted.reduce((sum, { weight }) => sum + weight, 0);
  const signal = mean(({ signal255 }) => signal255);
  const variance = mean((part) => part.variance);
  const spread = mean(({ signal255 }) => (signal255 - signal) ** 2);
  const slope = mean((part) => (part.signal255 - signal) * (part.variance - variance)) / Math.max(spread, 1);
  return parts.map(({ signal255 }) => ({
    signal255,
    variance: Math.max(smallest, variance + slope * (signal255 - signal)),
  }));
}

/** Lets parts with many flat blocks speak for neighbours with few; a camera's finished photo has no line (its tone curve). */
function smooth(parts: readonly Part[]): readonly Level[] {
  return parts.map(({ signal255 }) => {
    let sum = 0;
    let total = 0;
    for (const other of parts) {
      const distance = (other.signal255 - signal255) / SMOOTHED_OVER_255;
      const weight = Math.sqrt(other.share) * Math.exp(-0.5 * distance * distance);
      sum += weight * Math.log(Math.max(other.variance, Number.EPSILON));
      total += weight;
    }
    return { signal255, variance: Math.exp(sum / total) };
  });
}

function meanOf(blocks: readonly NoiseBlock[], key: keyof NoiseBlock): number {
  return blocks.reduce((sum, block) => sum + block[key], 0) / blocks.length;
}
