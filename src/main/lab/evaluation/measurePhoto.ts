import type { ComputeFunctions } from "#main/compute/protocol.ts";
import { at } from "#shared/at.ts";
import { blend } from "#shared/image/blend.ts";
import { gaussianBlur } from "#shared/image/gaussianBlur.ts";
import { isSynthetic, type SettledNoise } from "#shared/image/noise.ts";
import { estimateSigma255 } from "#shared/image/estimateSigma.ts";
import type { NamedPhoto, Photo } from "#shared/image/photo.ts";
import { computePsnr } from "#shared/image/psnr.ts";
import { computeScores } from "#shared/image/scores.ts";
import type { EvaluationConfig } from "#shared/runs/config.ts";
import type { Evaluation, Versions } from "#shared/runs/evaluation.ts";

import { denoisePhoto } from "#main/lab/denoising/denoisePhoto.ts";

import type { BaselineMeter } from "./baselines.ts";
import { averageParts, drawNoisy, type NoisyPart } from "./noisyVersions.ts";
import { meanVersions, spreadOfVersions } from "./spread.ts";

/** From hardly visible to very soft: the best blur for Gaussian noise of any usual sigma lies in between. */
const BLUR_SIGMAS_PX = [0.4, 0.6, 0.8, 1, 1.25, 1.5, 2, 2.5, 3];

/** What a photo gave: the means over the noise seeds, and each seed's scores. */
export interface MeasuredPhoto {
  readonly figures: Evaluation["images"][number];
  readonly seeds: readonly Versions[];
}

/**
 * Measures the network that is loaded on one photo, for every noise seed; the baselines get the same noisy pixels. `denoised`
 * is the result for the first seed, clipped.
 */
export async function measurePhoto(
  compute: Pick<ComputeFunctions, "denoise">,
  photo: NamedPhoto,
  config: EvaluationConfig,
  baselines: BaselineMeter,
): Promise<MeasuredPhoto & { readonly denoised: Photo }> {
  const { clean, name } = photo;
  const seeds: { readonly versions: Versions; readonly denoised: Photo; readonly seconds: number }[] = [];
  for (let index = 0; index < config.noiseSeeds; index += 1) {
    const parts = drawNoisy(photo, { ...config, noiseSeed: config.noiseSeed + index });
    const noisy = averageParts(
      clean,
      parts.map(({ area, noisy: part }) => ({ area, photo: part })),
    );
    const { output, seconds } = await denoiseParts(compute, clean, parts, config);
    const denoised = blend(noisy, output, 1);
    const versions = {
      noisy: computeScores(noisy, clean),
      blurred: computeScores(blurBest(noisy, clean), clean),
      denoised: computeScores(denoised, clean),
    };
    seeds.push({ versions, denoised, seconds });
    await baselines.measure({ clean, noisy, seed: index, ...sigmaFor(at(parts, 0, "evaluation: part").noise, noisy) });
  }
  const versions = seeds.map((each) => each.versions);
  const seconds = seeds.reduce((sum, each) => sum + each.seconds, 0) / seeds.length;
  const size = { width: clean.width, height: clean.height };
  return {
    figures: { name, ...size, ...meanVersions(versions), ...spreadOfVersions(versions), seconds },
    seeds: versions,
    denoised: at(seeds, 0, "evaluation: seed").denoised,
  };
}

async function denoiseParts(
  compute: Pick<ComputeFunctions, "denoise">,
  clean: Photo,
  parts: readonly NoisyPart[],
  { memoryBudgetMb, selfEnsemble }: EvaluationConfig,
): Promise<{ readonly output: Photo; readonly seconds: number }> {
  const outputs: { readonly area: NoisyPart["area"]; readonly photo: Photo }[] = [];
  let seconds = 0;
  for (const { area, noisy, noise } of parts) {
    const result = await denoisePhoto(compute, noisy, { memoryBudgetMb, noise, selfEnsemble });
    outputs.push({ area, photo: result.output });
    seconds += result.seconds;
  }
  return { output: averageParts(clean, outputs), seconds };
}

/** What a classical method is told: the sigma that was added where there is one, else an estimate. */
function sigmaFor(
  noise: SettledNoise,
  noisy: Photo,
): { readonly sigma255: number; readonly sigma: "known" | "estimated" } {
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
