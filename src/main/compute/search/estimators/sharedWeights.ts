import * as tf from "@tensorflow/tfjs-core";

import { toNoisy } from "#shared/image/addNoise.ts";
import { cropMiddle } from "#shared/image/geometry.ts";
import type { NamedPhoto, Photo } from "#shared/image/photo.ts";
import type { SearchConfig } from "#shared/runs/config.ts";
import type { ValidationScore } from "#shared/runs/runEvent.ts";
import { createRandom } from "#shared/random/createRandom.ts";

import type { Kernels } from "#main/compute/kernels/kernels.ts";
import { openParameters } from "#main/compute/layers/parameters.ts";
import { Tape } from "#main/compute/layers/tape.ts";
import { ArchLeaves } from "#main/compute/supernet/archLeaves.ts";
import { runSupernet } from "#main/compute/supernet/supernet.ts";
import { SAMPLE_SIDE_PX } from "#main/compute/protocol.ts";
import { meanValidationScore } from "#main/compute/learning/validationScore.ts";

import type { SupernetState } from "#main/compute/search/supernetState.ts";

/** A supernet holds hundreds of channels per pixel, so only the middle of a validation photo is used, up to this side. */
const LARGEST_SIDE_PX = SAMPLE_SIDE_PX;

/** A search whose architecture is to be scored. */
export interface SupernetAtWork {
  readonly kernels: Kernels;
  readonly config: SearchConfig;
  readonly state: SupernetState;
  /** Validation photos. */
  readonly photos: readonly NamedPhoto[];
  /** Gets the first photo as it goes in and comes out. */
  readonly show: (noisy: Photo, denoised: Photo) => void;
  /** Share of the search's steps that are done, 0..1. */
  readonly progress: number;
}

/**
 * Scores the supernet as it is on the validation photos. Each photo's noise depends on the seed and its name only, so epochs
 * are compared on the same pixels. Batch norms use the statistics of the photo itself. The shared weights have had as much
 * of their training as the search is done: that is the fidelity.
 */
export function estimateBySharedWeights({ kernels, config, state, photos, show, progress }: SupernetAtWork): {
  readonly validation: ValidationScore;
  readonly fidelity: number;
} {
  const validation = meanValidationScore(
    photos.map((photo, index) => {
      const middle = cropPair(photo);
      const noisy = toNoisy(middle, config.noise, createRandom(config.seed, "validation", photo.name));
      const output = denoiseWithSupernet(kernels, config, state, noisy);
      if (index === 0) show(noisy, output);
      return { clean: middle.clean, output };
    }),
  );
  return { validation, fidelity: progress };
}

function denoiseWithSupernet(kernels: Kernels, config: SearchConfig, state: SupernetState, noisy: Photo): Photo {
  const { width, height } = noisy;
  const data = tf.tidy(() => {
    const tape = new Tape(kernels, false);
    const { values } = openParameters(tape, state.specs, state.weights, false);
    const arch = new ArchLeaves(tape, state.arch.weights(), false);
    const input = tape.leaf(tf.tensor4d(noisy.data, [1, height, width, 1]), false);
    const pass = { tape, space: config.space, parameters: values, arch, recompute: false };
    return runSupernet(pass, input).tensor;
  });
  const output = Float32Array.from(data.dataSync<"float32">());
  data.dispose();
  return { width, height, channels: 1, data: output };
}

function cropPair({ name, clean, noisy }: NamedPhoto): NamedPhoto {
  return {
    name,
    clean: cropMiddle(clean, LARGEST_SIDE_PX),
    noisy: noisy === undefined ? undefined : cropMiddle(noisy, LARGEST_SIDE_PX),
  };
}
