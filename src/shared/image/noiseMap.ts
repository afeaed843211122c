import { LabError } from "#shared/labError.ts";

import type { SettledNoise } from "./addNoise.ts";
import { toGrey } from "./grey.ts";
import type { Photo } from "./photo.ts";

/**
 * Computes the standard deviation of the noise at each pixel of a noisy photo, on the 0..1 scale: `[H, W, 1]`. Where noise
 * follows the signal, the signal is taken from the noisy photo, for who denoises has no clean one. Throws LabError
 * `bad_config` for the noise of camera pairs, whose strength nobody knows.
 */
export function noiseMapOf(noise: SettledNoise, noisy: Photo): Photo {
  const { width, height } = noisy;
  return { width, height, channels: 1, data: deviations(noise, noisy) };
}

function deviations(noise: SettledNoise, noisy: Photo): Float32Array {
  switch (noise.kind) {
    case "gaussian":
      return new Float32Array(noisy.width * noisy.height).fill(noise.sigma255 / 255);
    case "poisson_gaussian": {
      const variance = (noise.sigma255 / 255) ** 2;
      const signalOf = (value: number) => Math.min(1, Math.max(0, value));
      return toGrey(noisy).data.map((value) => Math.sqrt(noise.gain * signalOf(value) + variance));
    }
    case "paired":
      throw new LabError(
        "bad_config",
        'a noise map needs noise whose strength is known: noise must be "gaussian" or "poisson_gaussian", got "paired"',
      );
  }
}
