import { at } from "#shared/at.ts";
import type { Scores } from "#shared/image/scores.ts";
import type { Versions } from "#shared/runs/evaluation.ts";

const combine = (all: readonly Scores[], figure: (values: readonly number[]) => number): Scores => ({
  psnrDb: figure(all.map(({ psnrDb }) => psnrDb)),
  ssim: figure(all.map(({ ssim }) => ssim)),
  psnr8BitDb: figure(all.map(({ psnr8BitDb }) => psnr8BitDb)),
  ssim8Bit: figure(all.map(({ ssim8Bit }) => ssim8Bit)),
  ...combineHaarPsi(all, figure),
});

/** Nothing where one of them comes from a version that did not measure it. */
const combineHaarPsi = (all: readonly Scores[], figure: (values: readonly number[]) => number) => {
  const values = all.flatMap(({ haarPsi }) => haarPsi ?? []);
  return values.length < all.length ? {} : { haarPsi: figure(values) };
};

const combineVersions = (all: readonly Versions[], of: (scores: readonly Scores[]) => Scores): Versions => ({
  noisy: of(all.map(({ noisy }) => noisy)),
  blurred: of(all.map(({ blurred }) => blurred)),
  denoised: of(all.map(({ denoised }) => denoised)),
});

/** Averages scores, each by itself; `all` must hold one at least. */
export function meanScores(all: readonly Scores[]): Scores {
  return combine(all, mean);
}

/** Averages the scores of each version. */
export function meanVersions(all: readonly Versions[]): Versions {
  return combineVersions(all, meanScores);
}

/** Returns what to keep of the spread of scores over noise seeds: the sample's standard deviation, nothing for one seed. */
export function spreadOfScores(seeds: readonly Scores[]): { readonly spread?: Scores } {
  return seeds.length < 2 ? {} : { spread: combine(seeds, deviation) };
}

/** Returns what to keep of the spread of each version's scores over noise seeds; nothing for one seed. */
export function spreadOfVersions(seeds: readonly Versions[]): { readonly spread?: Versions } {
  return seeds.length < 2 ? {} : { spread: combineVersions(seeds, (all) => combine(all, deviation)) };
}

/** Turns lists by photo, each by seed, into means over the photos by seed. */
export function meansBySeed<T>(byPhoto: readonly (readonly T[])[], meanOf: (all: readonly T[]) => T): readonly T[] {
  return at(byPhoto, 0, "evaluation: photo").map((_, seed) =>
    meanOf(byPhoto.map((seeds) => at(seeds, seed, "evaluation: seed"))),
  );
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** With n - 1 below, for the seeds are a sample. */
function deviation(values: readonly number[]): number {
  const middle = mean(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - middle) ** 2, 0) / (values.length - 1));
}
