import { describe, expect, it } from "vitest";

import { startEngine } from "#main/compute/engine/engine.ts";
import { meanValidationScore } from "#main/compute/learning/validationScore.ts";
import { estimateBySharedWeights } from "#main/compute/search/estimators/sharedWeights.ts";
import type { ShowPictures } from "#main/compute/protocol.ts";
import { SupernetState } from "#main/compute/search/supernetState.ts";
import { toNoisy } from "#shared/image/noise.ts";
import { crop } from "#shared/image/geometry.ts";
import type { NamedPhoto, Photo } from "#shared/image/photo.ts";
import { createRandom } from "#shared/random/createRandom.ts";
import { searchConfigSchema } from "#shared/runs/config.ts";

import { makeGreyPhoto } from "#tests/helpers/makePhoto.ts";
import { countLeaks } from "#tests/helpers/tensors.ts";
import { TINY_SPACE, predict } from "#tests/main/compute/supernet/tinySupernet.ts";

const { kernels } = await startEngine();

const config = searchConfigSchema.parse({ noise: { kind: "gaussian", sigma255: 20 }, space: TINY_SPACE });

/** Scores a supernet a quarter of the way. */
function estimate(state: SupernetState, photos: readonly NamedPhoto[], show: ShowPictures = () => undefined) {
  return estimateBySharedWeights({ kernels, config, state, photos, show, progress: 0.25 });
}

describe("the estimator shared_weights", () => {
  const photo = { name: "waves", clean: makeGreyPhoto(290, 20, (x, y) => 0.5 + 0.3 * Math.sin(0.3 * x + 0.2 * y)) };

  it("scores what the supernet makes of the middle of each photo, with noise that belongs to the photo's name", () => {
    const state = new SupernetState(config);
    const middle = crop(photo.clean, { x: 17, y: 0, width: 256, height: 20 });
    const noisy = toNoisy(
      { name: photo.name, clean: middle },
      config.noise,
      createRandom(config.seed, "validation", "waves"),
    );
    const data = predict({
      kernels,
      space: config.space,
      weights: Float32Array.from(state.weights.dataSync()),
      arch: state.arch.weights(),
      noisy: noisy.data,
      shape: [1, 20, 256, 1],
    });
    const expected = meanValidationScore([{ clean: middle, output: { ...middle, data } }]);
    expect(estimate(state, [photo]).validation).toEqual(expected);
    state.dispose();
  });

  it("scores of a photo on a U as much as the U can halve", () => {
    const space = { ...TINY_SPACE, kind: "scales", layers: 3, unshuffle: 2 };
    const own = searchConfigSchema.parse({ noise: { kind: "gaussian", sigma255: 20 }, space });
    const state = new SupernetState(own);
    const shown: Photo[][] = [];
    const show: ShowPictures = ({ noisy, denoised, clean }) => void shown.push([noisy, denoised, clean]);
    const odd = { name: "waves", clean: crop(photo.clean, { x: 0, y: 0, width: 31, height: 19 }) };
    estimateBySharedWeights({ kernels, config: own, state, photos: [odd], show, progress: 0.25 });
    expect(shown.flat().map(({ width, height }) => [width, height])).toEqual([
      [28, 16],
      [28, 16],
      [28, 16],
    ]);
    state.dispose();
  });

  it("shows the first photo's picture and no other, and scores what it shows", () => {
    const state = new SupernetState(config);
    const other = { ...photo, name: "other waves" };
    const shown: Photo[][] = [];
    const show: ShowPictures = ({ noisy, denoised, clean }) => void shown.push([noisy, denoised, clean]);
    estimate(state, [photo, other], show);
    const [noisy, denoised, wanted] = shown[0]!;
    expect(shown).toHaveLength(1);
    const clean = crop(photo.clean, { x: 17, y: 0, width: 256, height: 20 });
    expect(wanted).toEqual(clean);
    expect(noisy).toEqual(
      toNoisy({ name: "waves", clean }, config.noise, createRandom(config.seed, "validation", "waves")),
    );
    const alone = estimate(state, [photo], show).validation;
    expect(shown[1]).toEqual(shown[0]);
    expect(meanValidationScore([{ clean, output: denoised! }])).toEqual(alone);
    state.dispose();
  });

  it("is as faithful as the supernet's training is far", () => {
    const state = new SupernetState(config);
    expect(estimate(state, [photo]).fidelity).toBe(0.25);
    state.dispose();
  });

  it("leaves no tensor behind", async () => {
    const state = new SupernetState(config);
    expect(await countLeaks(() => estimate(state, [photo]))).toBe(0);
    state.dispose();
  });
});
