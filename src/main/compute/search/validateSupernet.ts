import * as tf from "@tensorflow/tfjs-core";

import { toNoisy } from "#shared/image/addNoise.ts";
import { crop } from "#shared/image/geometry.ts";
import type { NamedPhoto, Photo } from "#shared/image/photo.ts";
import type { SearchConfig } from "#shared/runs/config.ts";
import type { ValidationScore } from "#shared/runs/runEvent.ts";
import { createRandom } from "#shared/random/createRandom.ts";

import type { Kernels } from "#main/compute/engine/kernels/kernels.ts";
import { openParameters } from "#main/compute/layers/parameters.ts";
import { Tape } from "#main/compute/layers/tape.ts";
import { ArchLeaves } from "#main/compute/supernet/archLeaves.ts";
import { runSupernet } from "#main/compute/supernet/supernet.ts";
import { meanValidationScore } from "#main/compute/train/validationScore.ts";

import type { SupernetState } from "./supernetState.ts";

/** A supernet holds hundreds of channels per pixel, so only the middle of a validation photo is used, up to this side. */
const LARGEST_SIDE_PX = 256;

/**
 * Scores the supernet as it is on the validation photos. Each photo's noise depends on the seed and its name only, so epochs
 * are compared on the same pixels. Batch norms use the statistics of the photo itself.
 */
export function validateSupernet(
  kernels: Kernels,
  config: SearchConfig,
  state: SupernetState,
  photos: readonly NamedPhoto[],
): ValidationScore {
  return meanValidationScore(
    photos.map((photo) => {
      const middle = cropMiddle(photo);
      const noisy = toNoisy(middle, config.noise, createRandom(config.seed, "validation", photo.name));
      return { clean: middle.clean, output: denoiseWithSupernet(kernels, config, state, noisy) };
    }),
  );
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

function cropMiddle(photo: NamedPhoto): NamedPhoto {
  const width = Math.min(photo.clean.width, LARGEST_SIDE_PX);
  const height = Math.min(photo.clean.height, LARGEST_SIDE_PX);
  const area = {
    x: Math.floor((photo.clean.width - width) / 2),
    y: Math.floor((photo.clean.height - height) / 2),
    width,
    height,
  };
  return {
    name: photo.name,
    clean: crop(photo.clean, area),
    noisy: photo.noisy === undefined ? undefined : crop(photo.noisy, area),
  };
}
