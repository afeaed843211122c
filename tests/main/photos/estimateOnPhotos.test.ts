import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { decodePhoto } from "#main/photos/decodePhoto.ts";
import { estimateSigma255 } from "#shared/image/estimateSigma.ts";
import { addNoise } from "#shared/image/noise.ts";
import type { Photo } from "#shared/image/photo.ts";
import { createRandom } from "#shared/random/createRandom.ts";

const DATASETS = "../shared/datasets";
const PAIRS = join(DATASETS, "cc_real");
const SIGMAS = [5, 10, 15, 25, 40, 60];

async function loadFolder(folder: string): Promise<readonly Photo[]> {
  const names = readdirSync(folder).toSorted();
  const decoded = await Promise.all(names.map((name) => decodePhoto(join(folder, name))));
  return decoded.map(({ photo }) => photo);
}

/** Rounds and clips as an 8-bit file does. */
function toEightBits(photo: Photo): Photo {
  return { ...photo, data: photo.data.map((value) => Math.round(255 * Math.min(1, Math.max(0, value))) / 255) };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}

/** Root of the mean variance of noisy minus clean per channel, without the difference of the means. */
function measureDeviation255(noisy: Photo, clean: Photo): number {
  const { channels, data } = noisy;
  let variance = 0;
  for (let channel = 0; channel < channels; channel++) {
    const differences = data
      .map((value, i) => 255 * (value - clean.data[i]!))
      .filter((_, i) => i % channels === channel);
    const mean = differences.reduce((sum, value) => sum + value, 0) / differences.length;
    variance += differences.reduce((sum, value) => sum + (value - mean) ** 2, 0) / differences.length / channels;
  }
  return Math.sqrt(variance);
}

describe.each(["kodak24", "set12"])("estimateSigma255 on the photos of %s (skipped where they are missing)", (set) => {
  const folder = join(DATASETS, set);

  it.skipIf(!existsSync(folder)).each(SIGMAS)(
    "is off by less than a tenth in the middle at sigma %d",
    async (sigma255) => {
      const errors = { float: [] as number[], eightBits: [] as number[] };
      for (const [index, clean] of (await loadFolder(folder)).entries()) {
        const noisy = addNoise(clean, { kind: "gaussian", sigma255 }, createRandom(1, index));
        errors.float.push(Math.abs(estimateSigma255(noisy) / sigma255 - 1));
        errors.eightBits.push(Math.abs(estimateSigma255(toEightBits(noisy)) / sigma255 - 1));
      }
      expect(median(errors.float)).toBeLessThan(0.1);
      expect(median(errors.eightBits)).toBeLessThan(0.1);
    },
  );
});

describe("estimateSigma255 on camera pairs (skipped where they are missing)", () => {
  it.skipIf(!existsSync(PAIRS))("lies within a factor of 1.5 of the deviation of noisy from clean", async () => {
    const clean = await loadFolder(join(PAIRS, "clean"));
    const noisy = await loadFolder(join(PAIRS, "noisy"));
    const ratios = noisy.map((photo, index) => estimateSigma255(photo) / measureDeviation255(photo, clean[index]!));
    expect(ratios.length).toBeGreaterThan(0);
    expect(Math.min(...ratios)).toBeGreaterThan(1 / 1.5);
    expect(Math.max(...ratios)).toBeLessThan(1.5);
  });
});
