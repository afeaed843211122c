import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";

import { startEngine } from "#main/compute/engine/engine.ts";
import { openParameters } from "#main/compute/layers/parameters.ts";
import { Tape } from "#main/compute/layers/tape.ts";
import { trainingNormalise } from "#main/compute/network/normalise.ts";
import { runGraph } from "#main/compute/network/runGraph.ts";
import { StatisticsCollector } from "#main/compute/network/statistics.ts";
import { Denoiser } from "#main/compute/denoise/denoiser.ts";
import { denoisingLoss } from "#main/compute/learning/denoisingLoss.ts";
import { NetworkState } from "#main/compute/train/networkState.ts";
import { networkStep } from "#main/compute/train/networkStep.ts";
import type { Batch } from "#shared/image/batches.ts";
import type { Photo } from "#shared/image/photo.ts";
import { computeMse } from "#shared/image/psnr.ts";
import { trainConfigSchema } from "#shared/runs/config.ts";
import type { TrainConfig } from "#shared/runs/config.ts";

import { drawNumbers } from "#tests/helpers/drawTensor.ts";
import { findWrongSlopes } from "#tests/helpers/finiteDifferences.ts";
import { partsOf } from "#tests/helpers/parameterParts.ts";
import { relativeError } from "#tests/helpers/referenceFixtures.ts";
import { countLeaks } from "#tests/helpers/tensors.ts";
import { SMALL_PLAN } from "#tests/main/compute/network/tinyNetwork.ts";

const { kernels } = await startEngine();

const SIDE = 12;
const clean = drawNumbers(2 * SIDE * SIDE, 1, 0.2).map((value) => value + 0.5);
const batch: Batch = {
  clean: { channels: 1, data: clean },
  noisy: { channels: 1, data: clean.map((value, i) => value + 0.1 * (drawNumbers(clean.length, 2)[i] ?? 0)) },
};

function configOf(training: object = {}): TrainConfig {
  const optimiser = { kind: "sgd", momentum: 0, weightDecay: 0 };
  return trainConfigSchema.parse({
    training: { batchSize: 2, patchSize: SIDE, optimiser, clipValue: null, ...training },
  });
}

/** The parameters before and after one step at this rate, and the loss that it told. */
function step(config: TrainConfig, rate: number): { before: number[]; after: number[]; loss: number } {
  const state = new NetworkState(config, SMALL_PLAN);
  const before = [...state.parameters.dataSync()];
  const loss = networkStep(kernels, config, state, batch, rate);
  const after = [...state.parameters.dataSync()];
  state.dispose();
  return { before, after, loss };
}

/** Loss and gradient of a fresh network on the batch, put together by hand. */
function lossAndGradient(config: TrainConfig): { loss: number; gradient: number[] } {
  const state = new NetworkState(config, SMALL_PLAN);
  const result = tf.tidy(() => {
    const tape = new Tape(kernels, true);
    const opened = openParameters(tape, state.specs, state.parameters, true);
    const normalise = trainingNormalise(tape, state.norms, opened.values, new StatisticsCollector());
    const picture = (data: Float32Array) => tf.tensor4d(data, [2, SIDE, SIDE, 1]);
    const pass = { tape, network: state.network, parameters: opened.values, normalise };
    const predicted = runGraph(pass, new Map([["noisy", tape.leaf(picture(batch.noisy.data), false)]]));
    const loss = denoisingLoss(tape, predicted, picture(batch.clean.data), config.training.ssimWeight);
    const [value = NaN] = loss.tensor.dataSync<"float32">();
    tape.backward(loss, tf.scalar(1));
    return { loss: value, gradient: [...opened.takeGradient().dataSync<"float32">()] };
  });
  state.dispose();
  return result;
}

/** How much faster each number moves: shifts and biases twice, the last layer an eighth. */
function rateFactors(config: TrainConfig): number[] {
  const state = new NetworkState(config, SMALL_PLAN);
  state.dispose();
  return partsOf(state.specs).flatMap(({ name, from, to }) => {
    const factor = (/\.(beta|bias)$/.test(name) ? 2 : 1) * (name.startsWith("decoder.output.") ? 1 / 8 : 1);
    return new Array<number>(to - from).fill(factor);
  });
}

describe("networkStep", () => {
  it("tells the loss before it, and moves down half its gradient", () => {
    const config = configOf();
    const { loss, gradient } = lossAndGradient(config);
    const factors = rateFactors(config);
    const stepped = step(config, 100);
    expect(stepped.loss).toBeCloseTo(loss, 6);
    const moved = stepped.after.map((value, i) => value - (stepped.before[i] ?? NaN));
    expect(
      relativeError(
        moved,
        gradient.map((slope, i) => -100 * (factors[i] ?? NaN) * slope * 0.5),
      ),
    ).toBeLessThan(1e-4);
  });

  it("lowers the loss on the batch it stepped on", () => {
    const config = configOf();
    const state = new NetworkState(config, SMALL_PLAN);
    const losses = [0, 1, 2, 3].map(() => networkStep(kernels, config, state, batch, 0.05));
    expect(losses.at(-1)).toBeLessThan(losses[0] ?? NaN);
    state.dispose();
  });

  it("clips each number of the gradient where it is told to", () => {
    const { gradient } = lossAndGradient(configOf());
    const half = gradient.map((slope) => slope / 2);
    const limit = Math.max(...half.map(Math.abs)) / 3;
    const factors = rateFactors(configOf());
    const { before, after } = step(configOf({ clipValue: limit }), 100);
    const expected = half.map((slope, i) => -100 * (factors[i] ?? NaN) * Math.min(limit, Math.max(-limit, slope)));
    expect(
      relativeError(
        after.map((value, i) => value - (before[i] ?? NaN)),
        expected,
      ),
    ).toBeLessThan(1e-4);
    expect(half.some((slope) => Math.abs(slope) > limit)).toBe(true);
  });

  it("shortens the whole gradient to the length that it is told, after each number was clipped", () => {
    const half = lossAndGradient(configOf()).gradient.map((slope) => slope / 2);
    const limit = Math.max(...half.map(Math.abs)) / 3;
    const limited = half.map((slope) => Math.min(limit, Math.max(-limit, slope)));
    const length = Math.hypot(...limited);
    const factors = rateFactors(configOf());
    for (const clipNorm of [length / 4, length * 4]) {
      const { before, after } = step(configOf({ clipValue: limit, clipNorm }), 100);
      const share = Math.min(1, clipNorm / length);
      const expected = limited.map((slope, i) => -100 * (factors[i] ?? NaN) * slope * share);
      const moved = after.map((value, i) => value - (before[i] ?? NaN));
      expect(relativeError(moved, expected)).toBeLessThan(1e-4);
    }
  });

  describe("with norms frozen after three steps", () => {
    const config = configOf({
      steps: 10,
      freezeNormsFrom: 0.3,
      ssimWeight: 0,
      optimiser: { kind: "sgd", momentum: 0, weightDecay: 0, outputRateFactor: 1, biasRateFactor: 1 },
    });

    /** A training that took its steps with living norms. */
    function openFrozen(): NetworkState {
      const state = new NetworkState(config, SMALL_PLAN);
      for (let i = 0; i < 3; i += 1) networkStep(kernels, config, state, batch, 0.05);
      return state;
    }

    it("tells the loss of the network as it is used, and leaves the statistics alone", async () => {
      const state = openFrozen();
      const network = await state.snapshot();
      const loss = networkStep(kernels, config, state, batch, 0.05);
      expect((await state.snapshot()).statistics).toEqual(network.statistics);
      const denoiser = new Denoiser(kernels, network);
      const photo = (data: Float32Array, index: number): Photo => ({
        width: SIDE,
        height: SIDE,
        channels: 1,
        data: data.slice(index * SIDE * SIDE, (index + 1) * SIDE * SIDE),
      });
      const errors = [0, 1].map(async (index) => {
        const output = await denoiser.denoise(photo(batch.noisy.data, index), { memoryBudgetMb: 256 }, () => undefined);
        return computeMse(output, photo(batch.clean.data, index));
      });
      const [first = NaN, second = NaN] = await Promise.all(errors);
      expect(relativeError([loss], [(first + second) / 2])).toBeLessThan(1e-4);
      denoiser.dispose();
      state.dispose();
    });

    it("moves down half the gradient that finite differences find", () => {
      const state = openFrozen();
      const numbers = (): Float32Array => Float32Array.from(state.parameters.dataSync<"float32">());
      const before = numbers();
      networkStep(kernels, config, state, batch, 1);
      const after = numbers();
      const gradient = before.map((value, i) => 2 * (value - (after[i] ?? NaN)));
      const objective = (at: Float32Array): number => {
        const now = numbers();
        state.update(tf.tensor1d(now.map((value, i) => value - (at[i] ?? NaN))), null, 1);
        return networkStep(kernels, config, state, batch, 0);
      };
      const claim = { at: before, gradient, objective, step: 2e-3 };
      const parts = [{ name: "all", from: 0, to: before.length }];
      expect(findWrongSlopes(claim, parts, new Float32Array(before.length).fill(1), 0.02)).toEqual([]);
      state.dispose();
    });

    it("leaves no tensor behind", async () => {
      const run = (): void => {
        const state = openFrozen();
        networkStep(kernels, config, state, batch, 0.05);
        state.dispose();
      };
      expect(await countLeaks(run)).toBe(0);
    });
  });

  it("leaves no tensor behind", async () => {
    expect(await countLeaks(() => step(configOf({ clipValue: 5, clipNorm: 0.01 }), 0.05))).toBe(0);
  });
});
