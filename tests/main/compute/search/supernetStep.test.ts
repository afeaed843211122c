import { describe, expect, it } from "vitest";

import { startEngine } from "#main/compute/engine/engine.ts";
import { archStep, weightStep } from "#main/compute/search/supernetStep.ts";
import { SupernetState } from "#main/compute/search/supernetState.ts";
import { validateSupernet } from "#main/compute/search/validateSupernet.ts";
import { meanValidationScore } from "#main/compute/learning/validationScore.ts";
import { toNoisy } from "#shared/image/addNoise.ts";
import { crop } from "#shared/image/geometry.ts";
import type { Batch } from "#shared/image/batches.ts";
import type { Photo } from "#shared/image/photo.ts";
import { createRandom } from "#shared/random/createRandom.ts";
import { searchConfigSchema } from "#shared/runs/config.ts";
import type { SearchConfig } from "#shared/runs/config.ts";

import { drawNumbers } from "#tests/helpers/drawTensor.ts";
import { makeGreyPhoto } from "#tests/helpers/makePhoto.ts";
import { countLeaks } from "#tests/helpers/tensors.ts";
import { TINY_SPACE, predict } from "#tests/main/compute/supernet/tinySupernet.ts";

const { kernels } = await startEngine();

const SIDE = 12;
const clean = drawNumbers(SIDE * SIDE, 1, 0.2).map((value) => value + 0.5);
const noise = drawNumbers(SIDE * SIDE, 2, 0.1);
const batch: Batch = {
  clean: { channels: 1, data: clean },
  noisy: { channels: 1, data: clean.map((value, i) => value + (noise[i] ?? 0)) },
};

function configOf(recompute = false): SearchConfig {
  return searchConfigSchema.parse({
    noise: { kind: "gaussian", sigma255: 20 },
    space: TINY_SPACE,
    search: { batchSize: 1, patchSize: SIDE, recompute, arch: { learningRate: 0.05, weightDecay: 0 } },
  });
}

describe("the steps of a search", () => {
  it("move the weights and not the arch variables in a weight step, and lower the loss on its batch", () => {
    const state = new SupernetState(configOf());
    const arch = state.arch.state();
    const losses = [0, 1, 2, 3].map(() => weightStep(kernels, configOf(), state, batch, 0.02));
    expect(state.arch.state()).toEqual(arch);
    expect(state.step).toBe(4);
    expect(losses.at(-1)).toBeLessThan(losses[0] ?? NaN);
    state.dispose();
  });

  it("move the arch variables and not the weights in an arch step, and lower the loss on its batch", () => {
    const state = new SupernetState(configOf());
    const weights = [...state.weights.dataSync()];
    const losses = [0, 1, 2, 3].map((index) => archStep(kernels, configOf(), state, batch, index));
    expect([...state.weights.dataSync()]).toEqual(weights);
    expect(state.step).toBe(0);
    expect(losses.at(-1)).toBeLessThan(losses[0] ?? NaN);
    state.dispose();
  });

  it.each([false, true])("leave no tensor behind, recompute %s", async (recompute) => {
    const state = new SupernetState(configOf(recompute));
    expect(await countLeaks(() => weightStep(kernels, configOf(recompute), state, batch, 0.02))).toBe(0);
    expect(await countLeaks(() => archStep(kernels, configOf(recompute), state, batch, 0))).toBe(0);
    state.dispose();
  });
});

describe("validateSupernet", () => {
  const photo = { name: "waves", clean: makeGreyPhoto(290, 20, (x, y) => 0.5 + 0.3 * Math.sin(0.3 * x + 0.2 * y)) };

  it("scores what the supernet makes of the middle of each photo, with noise that belongs to the photo's name", () => {
    const config = configOf();
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
    expect(validateSupernet(kernels, config, state, [photo], () => undefined)).toEqual(expected);
    state.dispose();
  });

  it("shows the first photo's picture and no other, and scores what it shows", () => {
    const config = configOf();
    const state = new SupernetState(config);
    const other = { ...photo, name: "other waves" };
    const shown: [Photo, Photo][] = [];
    const show = (...pair: [Photo, Photo]) => void shown.push(pair);
    validateSupernet(kernels, config, state, [photo, other], show);
    const [noisy, denoised] = shown[0]!;
    expect(shown).toHaveLength(1);
    const clean = crop(photo.clean, { x: 17, y: 0, width: 256, height: 20 });
    expect(noisy).toEqual(
      toNoisy({ name: "waves", clean }, config.noise, createRandom(config.seed, "validation", "waves")),
    );
    const alone = validateSupernet(kernels, config, state, [photo], show);
    expect(shown[1]).toEqual(shown[0]);
    expect(meanValidationScore([{ clean, output: denoised }])).toEqual(alone);
    state.dispose();
  });

  it("leaves no tensor behind", async () => {
    const state = new SupernetState(configOf());
    expect(await countLeaks(() => validateSupernet(kernels, configOf(), state, [photo], () => undefined))).toBe(0);
    state.dispose();
  });
});
