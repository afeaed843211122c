import { describe, expect, it } from "vitest";

import { runSearch } from "#main/compute/search/searchLoop.ts";
import { archStep, walkBack, weightStep, withPlanes } from "#main/compute/search/supernetStep.ts";
import { SupernetState } from "#main/compute/search/supernetState.ts";
import { startEngine } from "#main/compute/engine/engine.ts";
import type { Batch } from "#shared/image/batches.ts";
import type { SearchConfig } from "#shared/runs/config.ts";

import { drawNumbers } from "#tests/helpers/drawTensor.ts";
import { countLeaks } from "#tests/helpers/tensors.ts";
import { makeContext, makeRunFolder, numbersOf } from "#tests/main/compute/job/jobs.ts";
import { TOTAL, configOf } from "#tests/main/compute/search/tinySearch.ts";
import { searchBroken, searchWhole } from "#tests/main/compute/search/wholeAndBroken.ts";

const PRIMITIVES = { primitives: ["conv_3x3", "skip_connect", "none"] };

/** Stabilisers that go together, each far enough from off to be seen in a few steps; the choice by perturbation has its own tests. */
const TOGETHER: readonly (readonly [string, object, object])[] = [
  [
    "an extra skip, beta-decay, random perturbation and dropping",
    { auxiliarySkip: { kind: "linear" }, betaDecay: 5, perturbation: { kind: "random" }, dropTo: [2] },
    {},
  ],
  [
    "sigmoid op weights and an extra skip along a cosine",
    { opWeights: { kind: "sigmoid" }, auxiliarySkip: { kind: "cosine", weight: 0.5 } },
    {},
  ],
  [
    "partial channels, weights of edges and adversarial perturbation",
    { edgeNormalisation: true, perturbation: { kind: "adversarial", steps: 2 } },
    { partialChannels: 2 },
  ],
  ["dropout on skips, with dropping", { dropTo: [2], skipDropout: [0.5, 0.7] }, {}],
];

const stabilisedConfig = (stabilisers: object, space: object = {}, search: object = {}): SearchConfig =>
  configOf({ stabilisers, checkpointEverySteps: 1, ...search }, { ...PRIMITIVES, ...space });

describe("a search with stabilisers", () => {
  it.each(TOGETHER)("goes on after a stop to the same numbers: %s", async (_, stabilisers, space) => {
    const config = stabilisedConfig(stabilisers, space);
    const whole = await searchWhole(config);
    const broken = await searchBroken(config, 5);
    expect(numbersOf(broken.events)).toEqual(numbersOf(whole.events));
    expect(broken.last).toEqual(whole.last);
  });

  it.each(TOGETHER)("leaves no tensor behind: %s", async (_, stabilisers, space) => {
    const context = await makeContext();
    const folder = await makeRunFolder();
    const config = stabilisedConfig(stabilisers, space);
    expect(await countLeaks(() => runSearch(context, { config, folder, resume: false }))).toBe(0);
  });

  it("takes steps of second order, with op weights that it tells are sigmoids and start at a half", async () => {
    const stabilisers = { auxiliarySkip: { kind: "linear" }, opWeights: { kind: "sigmoid" } };
    const { events } = await searchWhole(stabilisedConfig(stabilisers, {}, { order: "second" }));
    const last = events.findLast((event) => event.type === "step");
    expect(last).toMatchObject({ step: TOTAL });
    expect(last?.type === "step" && Number.isFinite(last.archLoss)).toBe(true);
    const archs = events.flatMap((event) => (event.type === "arch" ? [event.arch] : []));
    expect(archs[0]).toMatchObject({ opWeights: "sigmoid" });
    expect(new Set(archs[0]?.alpha.flat(2))).toEqual(new Set([0]));
  });
});

describe("a search with every stabiliser off", () => {
  it("takes the steps of plain DARTS, bit for bit", async () => {
    const { kernels } = await startEngine();
    const config = stabilisedConfig({});
    const { batchSize, patchSize } = config.search;
    const numbers = (seed: number) => drawNumbers(batchSize * patchSize * patchSize, seed, 0.2);
    const batches = [1, 2, 3].map((seed): Batch => ({
      clean: { channels: 1, data: numbers(seed) },
      noisy: { channels: 1, data: numbers(seed + 10) },
    }));
    const [ours, plain] = [new SupernetState(config, null, 1), new SupernetState(config, null, 1)];
    for (const [index, batch] of batches.entries()) {
      archStep(kernels, config, ours, batch, index);
      weightStep(kernels, config, ours, batch, 0.02);
      withPlanes(config, batch, (planes) => {
        const step = { kernels, config, state: plain };
        const weights = plain.arch.weights();
        plain.arch.update(walkBack(step, planes, plain.weights, "arch", weights).archGradients!, index);
        plain.updateWeights(
          walkBack(step, planes, plain.weights, "weights", plain.arch.weights()).weightGradient!,
          0.02,
        );
      });
    }
    expect(ours.arch.state()).toEqual(plain.arch.state());
    expect([...ours.weights.dataSync()]).toEqual([...plain.weights.dataSync()]);
    ours.dispose();
    plain.dispose();
  });
});
