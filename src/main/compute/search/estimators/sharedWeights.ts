import * as tf from "@tensorflow/tfjs-core";

import { noiseMapOf, settleNoise, toNoisy } from "#shared/image/noise.ts";
import { crop, cropMiddle } from "#shared/image/geometry.ts";
import type { NamedPhoto, Photo } from "#shared/image/photo.ts";
import type { SearchConfig } from "#shared/runs/config.ts";
import type { ValidationScore } from "#shared/runs/runEvent.ts";
import { createRandom } from "#shared/random/createRandom.ts";
import { inputPlanes, PLANES } from "#shared/space/graph/frame.ts";
import { outerSpaceOf } from "#shared/space/spaces/outerSpaces.ts";

import type { TrainingKernels } from "#main/compute/kernels/kernels.ts";
import { openParameters } from "#main/compute/layers/parameters.ts";
import { Tape, type Value } from "#main/compute/layers/tape.ts";
import { ArchLeaves } from "#main/compute/supernet/archLeaves.ts";
import { runSupernet } from "#main/compute/supernet/supernet.ts";
import { SAMPLE_SIDE_PX } from "#main/compute/protocol.ts";
import { meanValidationScore } from "#main/compute/learning/validationScore.ts";

import type { SupernetState } from "#main/compute/search/supernetState.ts";

/** A supernet holds hundreds of channels per pixel, so only the middle of a validation photo is used, up to this side. */
const LARGEST_SIDE_PX = SAMPLE_SIDE_PX;

/** A search whose architecture is to be scored. */
export interface SupernetAtWork {
  readonly kernels: TrainingKernels;
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
      const middle = cropPair(photo, outerSpaceOf(config.space).blockPx(config.space));
      const random = createRandom(config.seed, "validation", photo.name);
      const noise = settleNoise(config.noise, random);
      const noisy = toNoisy(middle, noise, random);
      const planes = inputPlanes(config.space).map(
        ({ name }) => [name, name === PLANES.noisy ? noisy : noiseMapOf(noise, noisy)] as const,
      );
      const output = denoiseWithSupernet(kernels, config, state, new Map(planes));
      if (index === 0) show(noisy, output);
      return { clean: middle.clean, output };
    }),
  );
  return { validation, fidelity: progress };
}

function denoiseWithSupernet(
  kernels: TrainingKernels,
  config: SearchConfig,
  state: SupernetState,
  planes: ReadonlyMap<string, Photo>,
): Photo {
  const data = tf.tidy(() => {
    const tape = new Tape(kernels, false);
    const { values } = openParameters(tape, state.specs, state.weights, false);
    const arch = new ArchLeaves(tape, state.arch.weights(), false);
    const inputs = [...planes].map(([name, { width, height, channels, data: numbers }]): [string, Value] => {
      return [name, tape.leaf(tf.tensor4d(numbers, [1, height, width, channels]), false)];
    });
    const pass = { tape, space: config.space, parameters: values, arch, recompute: false };
    return runSupernet(pass, new Map(inputs)).tensor;
  });
  const output = Float32Array.from(data.dataSync<"float32">());
  const [, height, width, channels] = data.shape;
  data.dispose();
  return { width, height, channels: channels === 3 ? 3 : 1, data: output };
}

/** The middle of a photo; its sides are multiples of `block`. */
function cropPair({ name, clean, noisy }: NamedPhoto, block: number): NamedPhoto {
  const cut = (photo: Photo): Photo => {
    const middle = cropMiddle(photo, LARGEST_SIDE_PX);
    const width = middle.width - (middle.width % block);
    const height = middle.height - (middle.height % block);
    return width === middle.width && height === middle.height ? middle : crop(middle, { x: 0, y: 0, width, height });
  };
  return { name, clean: cut(clean), noisy: noisy === undefined ? undefined : cut(noisy) };
}
