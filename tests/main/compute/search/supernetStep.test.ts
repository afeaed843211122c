import { describe, expect, it } from "vitest";

import { startEngine } from "#main/compute/engine/engine.ts";
import { archStep, weightStep } from "#main/compute/search/supernetStep.ts";
import { SupernetState } from "#main/compute/search/supernetState.ts";
import type { Batch } from "#shared/image/batches.ts";
import { searchConfigSchema } from "#shared/runs/config.ts";
import type { SearchConfig } from "#shared/runs/config.ts";

import { drawNumbers } from "#tests/helpers/drawTensor.ts";
import { countLeaks } from "#tests/helpers/tensors.ts";
import { TINY_SPACE } from "#tests/main/compute/supernet/tinySupernet.ts";

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
