import fc from "fast-check";
import { describe, expect, it, onTestFinished } from "vitest";

import { Denoiser } from "#main/compute/denoise/denoiser.ts";
import { MEMORY_FACTOR, useOnnxRuntime } from "#main/compute/denoise/onnxTiles.ts";
import { loadOnnxRuntime } from "#main/compute/engine/onnxRuntime.ts";
import { largestScale } from "#shared/space/graph/networkGraph.ts";
import { type AnyNetworkPlan, buildNetworkGraph } from "#shared/space/spaces/spaces.ts";

import { largestDifference } from "#tests/helpers/arrays.ts";
import { makeRandomPhoto } from "#tests/helpers/makePhoto.ts";
import { DEFORMABLE_PLAN, FRAMES, MIXED_GENOTYPE, drawNetwork } from "#tests/main/compute/network/tinyNetwork.ts";
import { networkPlans } from "#tests/shared/space/arbitraries.ts";
import { planNetwork } from "#shared/space/spaces/networkPlan.ts";

import { budgetFor, denoise, haloOf, kernels } from "./denoisers.ts";

const engine = useOnnxRuntime(await loadOnnxRuntime());

function open(plan: AnyNetworkPlan): { readonly onnx: Denoiser; readonly tensors: Denoiser } {
  const network = drawNetwork(plan);
  const both = { onnx: new Denoiser(engine, network), tensors: new Denoiser(kernels, network) };
  onTestFinished(() => {
    for (const denoiser of Object.values(both)) denoiser.dispose();
  });
  return both;
}

describe("denoising by onnxruntime", () => {
  it.each([
    ...[{}, ...FRAMES].map((frame) => planNetwork(MIXED_GENOTYPE, { filters: 4, ...frame })),
    DEFORMABLE_PLAN,
    { ...DEFORMABLE_PLAN, unshuffle: 2 as const },
  ])("gives what TensorFlow gives, in tiles and at once: plan %#", async (plan) => {
    const { onnx, tensors } = open(plan);
    const photo = makeRandomPhoto(151, 110, plan.imageChannels);
    const noise = { kind: "gaussian", sigma255: 25 } as const;
    const expected = await denoise(photo, { denoiser: tensors, noise });
    const whole = await denoise(photo, { denoiser: onnx, noise });
    const memoryBudgetMb = budgetFor(36 + 2 * haloOf(plan), plan) * 1.1 * MEMORY_FACTOR;
    const tiled = await denoise(photo, { denoiser: onnx, noise, memoryBudgetMb });
    expect(tiled.tiles.length).toBeGreaterThan(1);
    expect(largestDifference(whole.output.data, expected.output.data)).toBeLessThan(1e-5);
    expect(largestDifference(tiled.output.data, whole.output.data)).toBeLessThan(1e-5);
  });

  it("gives in tiles what it gives at once, whatever the architecture, the frame and the size", async () => {
    const side = fc.integer({ min: 70, max: 130 });
    await fc.assert(
      fc.asyncProperty(networkPlans, side, side, async (plan, width, height) => {
        const denoiser = new Denoiser(engine, drawNetwork(plan));
        const photo = makeRandomPhoto(width, height, plan.imageChannels);
        const whole = await denoise(photo, { denoiser });
        const block = largestScale(buildNetworkGraph(plan));
        const memoryBudgetMb = budgetFor(16 * block + 2 * haloOf(plan) + block, plan) * 1.001 * MEMORY_FACTOR;
        const tiled = await denoise(photo, { denoiser, memoryBudgetMb });
        denoiser.dispose();
        expect(largestDifference(tiled.output.data, whole.output.data)).toBeLessThan(1e-4);
      }),
      { numRuns: 20, seed: 3 },
    );
  });
});
