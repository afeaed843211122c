import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";

import { Denoiser } from "#main/compute/denoise/denoiser.ts";
import { compileEagerly } from "#main/compute/kernels/compileEagerly.ts";
import type { TrainingKernels } from "#main/compute/kernels/kernels.ts";
import { foldGraph } from "#shared/space/graph/graphParameters.ts";
import { ENGINE_MB, inferenceBytesPerPixel, trainingMemoryMb } from "#shared/space/graph/memoryModel.ts";
import { buildNetworkGraph } from "#shared/space/spaces/spaces.ts";
import type { Genotype } from "#shared/space/cells/genotype.ts";
import { type NetworkPlan, planNetwork } from "#shared/space/spaces/networkPlan.ts";

import { listKernels } from "#tests/helpers/kernelCases.ts";
import { makeRandomPhoto } from "#tests/helpers/makePhoto.ts";

import { drawPlanes, openTrainingPass } from "#tests/main/compute/network/graphPasses.ts";
import {
  FRAMES,
  MIXED_GENOTYPE,
  MIXED_PLAN,
  SMALL_PLAN,
  drawNetwork,
} from "#tests/main/compute/network/tinyNetwork.ts";

const SIDE = 100;

const [fastest] = await listKernels();

/** Denoises a photo as a whole and returns the most bytes that tensors took at once, the network's own left out. */
async function measurePeak(plan: NetworkPlan<Genotype>): Promise<number> {
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
  const watching: Partial<TrainingKernels> = {
    conv2d: watch(kernels.conv2d.bind(kernels)),
    depthwise: watch(kernels.depthwise.bind(kernels)),
    leakyRelu: watch(kernels.leakyRelu.bind(kernels)),
    concatChannels: watch(kernels.concatChannels.bind(kernels)),
    subtract: watch(kernels.subtract.bind(kernels)),
    spaceToDepth: watch(kernels.spaceToDepth.bind(kernels)),
    depthToSpace: watch(kernels.depthToSpace.bind(kernels)),
  };
  const watched: TrainingKernels = Object.assign(kernels, watching);
  // A graph frees tensors by the same rule, but where nobody can count them.
  watched.compile = (forward, constants) => compileEagerly(watched, forward, constants);
  const denoiser = new Denoiser(watched, drawNetwork(plan));
  await denoiser.denoise(makeRandomPhoto(SIDE, SIDE, plan.imageChannels), { memoryBudgetMb: 4096 }, () => undefined);
  const before = tf.memory().numBytes;
  denoiser.dispose();
  return most - before;
}

const wide = planNetwork(MIXED_GENOTYPE, { filters: 24 });
const graphOf = (plan: NetworkPlan<Genotype>) => foldGraph(buildNetworkGraph(plan));

describe("inferenceBytesPerPixel", () => {
  it.each([
    ["a small network", SMALL_PLAN],
    ["a mixed network", MIXED_PLAN],
    ["a wide network", wide],
    ...FRAMES.map((frame): [string, NetworkPlan<Genotype>] => [
      `a network with ${JSON.stringify(frame)}`,
      planNetwork(MIXED_GENOTYPE, { filters: 24, ...frame }),
    ]),
    [
      "a network whose door is its widest part",
      planNetwork(MIXED_GENOTYPE, {
        filters: 1,
        ...FRAMES[3],
        stemChannels: 4,
        endpointChannels: 4,
        decoderChannels: 4,
      }),
    ],
  ])("covers all tensors that %s holds at once", async (_name, plan) => {
    const peak = await measurePeak(plan);
    expect(peak).toBeGreaterThan((SIDE * SIDE * plan.stemChannels * 4) / plan.unshuffle ** 2);
    expect(peak).toBeLessThan(SIDE * SIDE * inferenceBytesPerPixel(graphOf(plan)));
  });

  it("grows with the width of the network once its layers are wider than the decoder", () => {
    const of = (filters: number): number => inferenceBytesPerPixel(graphOf(planNetwork(MIXED_GENOTYPE, { filters })));
    expect(of(80)).toBeGreaterThan(of(40));
  });
});

describe("trainingMemoryMb", () => {
  it.each([
    ["of 20 filters", planNetwork(MIXED_GENOTYPE, { filters: 20 })],
    ["of 24 filters", wide],
    ["for colour at half resolution", planNetwork(MIXED_GENOTYPE, { filters: 20, ...FRAMES[3] })],
  ])("is within a factor of one and a half of what a network %s remembers", (_name, plan) => {
    const graph = buildNetworkGraph(plan);
    const size = [2, 64, 64] as const;
    const planes = drawPlanes(plan, size);
    const { forward, close } = openTrainingPass(fastest!.kernels, graph, planes, drawNetwork(plan).parameters);
    const before = tf.memory().numBytes;
    forward();
    const rememberedMb = (tf.memory().numBytes - before) / 1e6;
    close();
    tf.dispose([...planes.values()]);
    const ratio = (trainingMemoryMb(graph, 2 * 64 * 64) - ENGINE_MB) / rememberedMb;
    expect(ratio).toBeGreaterThan(1);
    expect(ratio).toBeLessThan(1.5);
  });
});
