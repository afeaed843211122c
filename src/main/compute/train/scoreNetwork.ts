import { cropMiddle } from "#shared/image/geometry.ts";
import { settleNoise, toNoisy } from "#shared/image/noise.ts";
import type { Photo } from "#shared/image/photo.ts";
import { createRandom } from "#shared/random/createRandom.ts";
import type { TrainConfig } from "#shared/runs/config.ts";
import type { ValidationScore } from "#shared/runs/runEvent.ts";

import { Denoiser } from "#main/compute/denoise/denoiser.ts";
import type { JobContext } from "#main/compute/job/jobContext.ts";
import { meanValidationScore } from "#main/compute/learning/validationScore.ts";
import type { TrainedNetwork } from "#main/compute/network/networkFile.ts";
import { SAMPLE_SIDE_PX, type ShowPictures } from "#main/compute/protocol.ts";

/** Validation photos are denoised whole up to about a megapixel. */
const VALIDATION_BUDGET_MB = 1024;

/**
 * Scores a network as it would be used on the validation photos, each with noise of its own that depends on the seed and its name
 * alone; shows the first one's middle as it went in and came out.
 */
export async function scoreNetwork(
  { engine, photos }: Pick<JobContext, "engine" | "photos">,
  { seed, noise: noiseSettings }: Pick<TrainConfig, "seed" | "noise">,
  network: TrainedNetwork,
  show: ShowPictures,
): Promise<ValidationScore> {
  const denoiser = new Denoiser(engine.kernels, network);
  try {
    const pairs: { clean: Photo; output: Photo }[] = [];
    for (const photo of photos.validation) {
      const random = createRandom(seed, "validation", photo.name);
      const noise = settleNoise(noiseSettings, random);
      const noisy = toNoisy(photo, noise, random);
      const options = { memoryBudgetMb: VALIDATION_BUDGET_MB, noise };
      const output = await denoiser.denoise(noisy, options, () => undefined);
      if (pairs.length === 0) {
        const crop = (whole: Photo): Photo => cropMiddle(whole, SAMPLE_SIDE_PX);
        show({ noisy: crop(noisy), denoised: crop(output), clean: crop(photo.clean) });
      }
      pairs.push({ clean: photo.clean, output });
    }
    return meanValidationScore(pairs);
  } finally {
    denoiser.dispose();
  }
}
