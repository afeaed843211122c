import { describe, expect, it, onTestFinished } from "vitest";

import { Denoiser } from "#main/compute/denoise/denoiser.ts";
import { MEMORY_FACTOR, useOnnxRuntime } from "#main/compute/denoise/onnxTiles.ts";
import { loadOnnxRuntime } from "#main/compute/engine/onnxRuntime.ts";
import { createRandom } from "#shared/random/createRandom.ts";
import { largestScale } from "#shared/space/graph/networkGraph.ts";
import { planNetwork } from "#shared/space/spaces/networkPlan.ts";
import { openSampledSpace, type SampledSpaceName } from "#shared/space/spaces/sampledSpaces.ts";
import { buildNetworkGraph } from "#shared/space/spaces/spaces.ts";

import { largestDifference } from "#tests/helpers/arrays.ts";
import { makeRandomPhoto } from "#tests/helpers/makePhoto.ts";
import { drawNetwork } from "#tests/main/compute/network/tinyNetwork.ts";

import { budgetFor, denoise, haloOf, kernels } from "./denoisers.ts";

const onnx = useOnnxRuntime(await loadOnnxRuntime());

describe("denoising by a network of a sampled space", () => {
  it.each<[SampledSpaceName, object, object]>([
    ["chain", { layers: 3, primitives: ["def_conv_3x3", "sep_conv_3x3"], dilations: [2, 3] }, { unshuffle: 2 }],
    ["motifs", { cells: 2 }, { imageChannels: 3 }],
    ["resolutions", { layers: 4, levels: 3, nodes: 2 }, {}],
    ["resolutions", { layers: 3, levels: 2, nodes: 1 }, { unshuffle: 2, imageChannels: 3 }],
  ])(
    "of the space %s gives the same in tiles and at once, with TensorFlow and onnxruntime",
    async (name, settings, frame) => {
      const genotype = openSampledSpace(name, settings).sample(createRandom(4, name));
      const plan = planNetwork(genotype, {
        filters: 3,
        stemChannels: 4,
        endpointChannels: 3,
        decoderChannels: 4,
        ...frame,
      });
      const network = drawNetwork(plan);
      const [byTensors, byOnnx] = [new Denoiser(kernels, network), new Denoiser(onnx, network)];
      onTestFinished(() => [byTensors, byOnnx].forEach((denoiser) => denoiser.dispose()));
      const photo = makeRandomPhoto(147, 118, plan.imageChannels);
      const whole = await denoise(photo, { denoiser: byTensors });
      const block = largestScale(buildNetworkGraph(plan));
      const budget = budgetFor(16 * block + 2 * haloOf(plan) + block, plan) * 1.001;
      const tiled = await denoise(photo, { denoiser: byTensors, memoryBudgetMb: budget });
      expect(largestDifference(tiled.output.data, whole.output.data)).toBeLessThan(1e-5);
      const again = await denoise(photo, { denoiser: byOnnx, memoryBudgetMb: budget * MEMORY_FACTOR });
      expect(largestDifference(again.output.data, whole.output.data)).toBeLessThan(1e-4);
    },
  );
});
