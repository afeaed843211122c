import { createRandom } from "#shared/random/createRandom.ts";
import type { Photo } from "./photo.ts";
import { drawDeadLeaves } from "./sample/deadLeaves.ts";

/**
 * The built-in data set. The size makes it good for a few minutes of training and under ten seconds to draw; raise
 * `version` whenever a drawn pixel would change, for it is what fingerprints of runs on this set rest on.
 */
export const SAMPLE_SET = { version: 1, photos: 64, width: 256, height: 256, seed: 20220101 } as const;

/** Draws picture number `index` (from 0) of the sample set with this seed: colour `[H, W, 3]`, 0..1, the same on every call. */
export function generateSamplePhoto(index: number, options: { width: number; height: number; seed: number }): Photo {
  const { width, height, seed } = options;
  return drawDeadLeaves(width, height, createRandom(seed, "sample photo", index));
}
