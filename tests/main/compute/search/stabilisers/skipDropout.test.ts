import { describe, expect, it } from "vitest";

import { startEngine } from "#main/compute/engine/engine.ts";
import { drawSkipFactors, skipDropoutRate } from "#main/compute/search/stabilisers/skipDropout.ts";
import { secondOrderArchStep } from "#main/compute/search/secondOrder.ts";
import { SupernetState } from "#main/compute/search/supernetState.ts";
import { archStep, walkBack, weightStep, withPlanes } from "#main/compute/search/supernetStep.ts";
import type { Batch } from "#shared/image/batches.ts";
import { createRandom } from "#shared/random/createRandom.ts";
import { type SearchConfig, searchConfigSchema } from "#shared/runs/config.ts";

import { drawNumbers } from "#tests/helpers/drawTensor.ts";
import { configOf } from "#tests/main/compute/search/tinySearch.ts";
import { searchWhole } from "#tests/main/compute/search/wholeAndBroken.ts";

const { kernels } = await startEngine();

const PRIMITIVES = { primitives: ["conv_3x3", "skip_connect", "none"] };
const configWith = (stabilisers: object) => configOf({ stabilisers, checkpointEverySteps: 1 }, PRIMITIVES);

function drawBatch(seed: number): Batch {
  const { batchSize, patchSize } = configWith({}).search;
  const numbers = (from: number) => drawNumbers(batchSize * patchSize * patchSize, from, 0.2);
  return { clean: { channels: 1, data: numbers(seed) }, noisy: { channels: 1, data: numbers(seed + 10) } };
}

describe("the rate of dropout on skips", () => {
  const ratesOf = (search: object, count: number): number[] => {
    const { search: settings } = searchConfigSchema.parse({ search });
    return Array.from({ length: count }, (_, epoch) => skipDropoutRate(settings, epoch));
  };

  it("stays in the warm-up, falls in a line to nothing in the last epoch of each stage, and is nothing after all of them", () => {
    const stabilisers = { dropTo: [5], skipDropout: [0.25, 0.5] };
    const rates = ratesOf({ epochs: 12, warmupEpochs: 2, stabilisers }, 14);
    const wanted = [0.25, 0.25, 0.25, 0.1875, 0.125, 0.0625, 0, 0.5, 0.375, 0.25, 0.125, 0, 0, 0];
    wanted.forEach((rate, epoch) => expect(rates[epoch]).toBeCloseTo(rate, 12));
  });

  it("begins a stage in the epoch after primitives were dropped, where stages are no whole epochs, and drops nothing in a stage of one epoch", () => {
    const stabilisers = { dropTo: [5, 3], skipDropout: [0, 0.4, 0.6] };
    // Stages of 5/3 epochs begin at 1, 1 + 2 and 1 + 4.
    const rates = ratesOf({ epochs: 6, warmupEpochs: 1, stabilisers }, 6);
    expect(rates).toEqual([0, 0, 0, 0.4, 0, 0]);
  });
});

describe("what outputs of skips are multiplied by", () => {
  it("is nothing for the share of the rate, and for the others as much more as keeps the mean", () => {
    const factors = drawSkipFactors(20_000, 0.4, createRandom(1, "test"));
    expect(new Set(factors)).toEqual(new Set([0, Math.fround(1 / 0.6)]));
    const mean = factors.reduce((sum, factor) => sum + factor, 0) / factors.length;
    // Three standard errors.
    expect(Math.abs(mean - 1)).toBeLessThan(0.018);
  });

  it("is the same for a seed and a step, another in the next step, and 1 where nothing learns", () => {
    const open = () => new SupernetState(configWith({ skipDropout: [0.5] }), null, 2);
    const [state, again] = [open(), open()];
    const first = state.skipFactors(true);
    expect(new Set(first)).toEqual(new Set([0, 2]));
    expect(again.skipFactors(true)).toEqual(first);
    expect(new Set(state.skipFactors(false))).toEqual(new Set([1]));
    again.step = 1;
    expect(again.skipFactors(true)).not.toEqual(first);
    // The last epoch.
    again.step = 6;
    expect(new Set(again.skipFactors(true))).toEqual(new Set([1]));
    state.dispose();
    again.dispose();
  });
});

describe("a search with dropout on skips", () => {
  it("takes the steps of plain DARTS where the rate is nothing, and others where it is not", async () => {
    const plain = await searchWhole(configWith({}));
    const none = await searchWhole(configWith({ skipDropout: [0] }));
    expect(none.last).toEqual(plain.last);
    const dropping = await searchWhole(configWith({ skipDropout: [0.5] }));
    expect(dropping.last).not.toEqual(plain.last);
  });

  it("drops in arch and weight steps, of both orders, and in no measurement", () => {
    const config = configWith({ skipDropout: [0.5] });
    const batch = drawBatch(1);
    const state = new SupernetState(config, null, 2);
    const plain = new SupernetState(configWith({}), null, 2);
    withPlanes(config, batch, (planes) => {
      const search = { kernels, config, state };
      for (const wanted of ["arch", "weights"] as const) {
        const lossOf = (isLearning: boolean) => walkBack({ ...search, isLearning }, planes, state.weights, wanted).loss;
        const plainLoss = walkBack(
          { kernels, config: configWith({}), state: plain },
          planes,
          plain.weights,
          wanted,
        ).loss;
        expect(lossOf(false)).toBe(plainLoss);
        expect(lossOf(true)).not.toBe(plainLoss);
        expect(lossOf(true)).toBe(lossOf(true));
      }
    });
    const batches = { train: batch, validation: drawBatch(2) };
    const lossesOf = (own: SearchConfig, taken: SupernetState): readonly number[] => [
      archStep(kernels, own, taken, batch, 0),
      weightStep(kernels, own, taken, batch, 0.02),
      secondOrderArchStep({ kernels, config: own, state: taken }, batches, 0.02, 1),
    ];
    const losses = lossesOf(config, state);
    expect(losses.every(Number.isFinite)).toBe(true);
    lossesOf(configWith({}), plain).forEach((loss, index) => expect(losses[index]).not.toBe(loss));
    state.dispose();
    plain.dispose();
  });
});
