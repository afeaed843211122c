import * as tf from "@tensorflow/tfjs-core";

import { at } from "#shared/at.ts";
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
import type { ArchWeights } from "#main/compute/supernet/archLeaves.ts";
import { drawNoiseNumbers, hasNoise, NoiseFields } from "#main/compute/supernet/noiseFields.ts";
import { runSupernet } from "#main/compute/supernet/supernet.ts";
import { SAMPLE_SIDE_PX, type ShowPictures } from "#main/compute/protocol.ts";
import { meanValidationScore } from "#main/compute/learning/validationScore.ts";

import type { SupernetState } from "#main/compute/search/supernetState.ts";

/** A supernet holds hundreds of channels per pixel, so only the middle of a validation photo is used, up to this side. */
const LARGEST_SIDE_PX = SAMPLE_SIDE_PX;

/**
 * Batch norms take away what all pixels of a batch have in common, and in one photo that is the noise map. Photos for networks
 * that are told the noise are therefore scored together, as they are trained together: smaller ones, so many at once.
 */
const TOGETHER = { sidePx: 128, photos: 8 };

/** A search whose architecture is to be scored. */
export interface SupernetAtWork {
  readonly kernels: TrainingKernels;
  readonly config: SearchConfig;
  readonly state: SupernetState;
  /** Op and move weights other than the state's. */
  readonly archWeights?: ArchWeights;
  /** Validation photos. */
  readonly photos: readonly NamedPhoto[];
  /** Gets the first photo as it goes in, comes out and ought to be. */
  readonly show: ShowPictures;
  /** Share of the search's steps that are done, 0..1. */
  readonly progress: number;
}

/**
 * Scores the supernet as it is on the validation photos. Each photo's noise depends on the seed and its name only, so epochs
 * are compared on the same pixels. Batch norms use the statistics of the photo itself. The shared weights have had as much
 * of their training as the search is done: that is the fidelity.
 */
export function estimateBySharedWeights(search: SupernetAtWork): {
  readonly validation: ValidationScore;
  readonly fidelity: number;
} {
  const { config, photos, show, progress } = search;
  const { noiseMap } = config.space;
  const block = outerSpaceOf(config.space).blockPx(config.space);
  const sidePx = noiseMap ? TOGETHER.sidePx : LARGEST_SIDE_PX;
  const groups = groupBySize(
    photos.map((photo) => toPlanes(config, cropPair(photo, sidePx, block))),
    noiseMap ? TOGETHER.photos : 1,
  );
  const pairs = groups.flatMap((group) => {
    const outputs = denoiseWithSupernet(search, group);
    return group.map(({ name, clean, noisy }, index) => ({
      name,
      clean,
      noisy,
      output: at(outputs, index, "outputs"),
    }));
  });
  const first = pairs.find(({ name }) => name === photos[0]?.name);
  if (first !== undefined) show({ noisy: first.noisy, denoised: first.output, clean: first.clean });
  return { validation: meanValidationScore(pairs), fidelity: progress };
}

/** A validation photo as the supernet reads it. */
interface ValidationPlanes {
  readonly name: string;
  readonly clean: Photo;
  readonly noisy: Photo;
  /** By name, in the order of the space's planes. */
  readonly planes: readonly (readonly [string, Photo])[];
}

function toPlanes({ seed, noise, space }: SearchConfig, photo: NamedPhoto): ValidationPlanes {
  const random = createRandom(seed, "validation", photo.name);
  const settled = settleNoise(noise, random);
  const noisy = toNoisy(photo, settled, random);
  const planes = inputPlanes(space).map(
    ({ name }) => [name, name === PLANES.noisy ? noisy : noiseMapOf(settled, noisy)] as const,
  );
  return { name: photo.name, clean: photo.clean, noisy, planes };
}

/** Groups photos of one size, at most `most` together. */
function groupBySize(photos: readonly ValidationPlanes[], most: number): readonly ValidationPlanes[][] {
  const groups: ValidationPlanes[][] = [];
  for (const photo of photos) {
    const { width, height } = photo.clean;
    const fitting = groups.find(
      (group) => group.length < most && group[0]?.clean.width === width && group[0].clean.height === height,
    );
    if (fitting === undefined) groups.push([photo]);
    else fitting.push(photo);
  }
  return groups;
}

/** Denoises photos of one size together. */
function denoiseWithSupernet(
  { kernels, config, state, archWeights = state.archWeights() }: SupernetAtWork,
  photos: readonly ValidationPlanes[],
): readonly Photo[] {
  const data = tf.tidy(() => {
    const tape = new Tape(kernels, false);
    const { values } = openParameters(tape, state.specs, state.weights, false);
    const arch = new ArchLeaves(tape, archWeights, false);
    const inputs = inputPlanes(config.space).map(({ name }, plane): [string, Value] => {
      const each = photos.map(({ planes }) => {
        const [, { width, height, channels, data: numbers }] = at(planes, plane, "planes");
        return tf.tensor4d(numbers, [1, height, width, channels]);
      });
      return [name, tape.leaf(tf.concat(each, 0), false)];
    });
    const noise = hasNoise(config.space)
      ? new NoiseFields(tf.tensor1d(drawNoiseNumbers(config.seed, "validation")))
      : undefined;
    const pass = { tape, space: config.space, parameters: values, arch, recompute: false, noise };
    return runSupernet(pass, new Map(inputs)).tensor;
  });
  const [, height, width, channels] = data.shape;
  const output = data.dataSync<"float32">();
  data.dispose();
  const size = height * width * channels;
  return photos.map((_, index) => {
    const numbers = Float32Array.from(output.subarray(index * size, (index + 1) * size));
    return { width, height, channels: channels === 3 ? 3 : 1, data: numbers };
  });
}

/** The middle of a photo up to a side; its sides are multiples of `block`. */
function cropPair({ name, clean, noisy }: NamedPhoto, side: number, block: number): NamedPhoto {
  const cut = (photo: Photo): Photo => {
    const middle = cropMiddle(photo, side);
    const width = middle.width - (middle.width % block);
    const height = middle.height - (middle.height % block);
    return width === middle.width && height === middle.height ? middle : crop(middle, { x: 0, y: 0, width, height });
  };
  return { name, clean: cut(clean), noisy: noisy === undefined ? undefined : cut(noisy) };
}
