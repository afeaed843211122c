import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";

import { Denoiser } from "#main/compute/denoise/denoiser.ts";
import { inferenceBytesPerPixel } from "#main/compute/denoise/inferenceMemory.ts";
import { compileEagerly } from "#main/compute/kernels/compileEagerly.ts";
import type { Kernels } from "#main/compute/kernels/kernels.ts";
import type { NetworkPlan } from "#main/compute/network/structure.ts";

import { listKernels } from "#tests/helpers/kernelCases.ts";
import { makeRandomPhoto } from "#tests/helpers/makePhoto.ts";

import { MIXED_GENOTYPE, MIXED_PLAN, SMALL_PLAN, drawNetwork } from "#tests/main/compute/network/tinyNetwork.ts";

const SIDE = 100;

const [fastest] = await listKernels();

/** Denoises a photo as a whole and returns the most bytes that tensors took at once, the network's own left out. */
async function measurePeak(plan: NetworkPlan): Promise<number> {
  const kernels = fastest!.kernels;
  let most = 0;
  /** Looks at the memory after each kernel, while its inputs are still there. */
  const watch = <A extends unknown[], R>(run: (...given: A) => R): ((...given: A) => R) => {
    return (...given) => {
      const result = run(...given);
      most = Math.max(most, tf.memory().numBytes);
      return result;
    };
  };
  const watching: Partial<Kernels> = {
    conv2d: watch(kernels.conv2d.bind(kernels)),
    depthwise: watch(kernels.depthwise.bind(kernels)),
    leakyRelu: watch(kernels.leakyRelu.bind(kernels)),
    concatChannels: watch(kernels.concatChannels.bind(kernels)),
  };
  const watched: Kernels = Object.assign(kernels, watching);
  // A graph frees tensors by the same rule, but where nobody can count them.
  watched.compile = (forward, constants) => compileEagerly(watched, forward, constants);
  const denoiser = new Denoiser(watched, drawNetwork(plan));
  await denoiser.denoise(makeRandomPhoto(SIDE, SIDE), { memoryBudgetMb: 4096 }, () => undefined);
  const before = tf.memory().numBytes;
  denoiser.dispose();
  return most - before;
}

describe("inferenceBytesPerPixel", () => {
  it.each([
    ["a small network", SMALL_PLAN],
    ["a mixed network", MIXED_PLAN],
    ["a wide network", { genotype: MIXED_GENOTYPE, filters: 24 }],
  ])("covers all tensors that %s holds at once", async (_name, plan) => {
    const peak = await measurePeak(plan);
    expect(peak).toBeGreaterThan(SIDE * SIDE * 64 * 4);
    expect(peak).toBeLessThan(SIDE * SIDE * inferenceBytesPerPixel(plan));
  });

  it("grows with the width of the network once its layers are wider than the decoder", () => {
    const of = (filters: number): number => inferenceBytesPerPixel({ genotype: MIXED_GENOTYPE, filters });
    expect(of(80)).toBeGreaterThan(of(40));
  });
});
