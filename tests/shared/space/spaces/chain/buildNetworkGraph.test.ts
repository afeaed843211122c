import { describe, expect, it } from "vitest";

import { networkCost } from "#shared/space/graph/costModel.ts";
import { type ChainLayer, makeChain } from "#shared/space/spaces/chain/genotype.ts";
import { planNetwork } from "#shared/space/spaces/networkPlan.ts";
import { buildNetworkGraph, explainGenotype } from "#shared/space/spaces/spaces.ts";

const layers: readonly ChainLayer[] = [
  { primitive: "conv_3x3", widthLevel: 1, dilation: 2, skipFrom: "stem" },
  { primitive: "sep_conv_3x3", widthLevel: 0, dilation: 3, skipFrom: null },
  { primitive: "conv_3x3", widthLevel: 1, dilation: 1, skipFrom: "layer_0" },
];
const genotype = makeChain([1, 2], layers);
const graph = buildNetworkGraph(planNetwork(genotype, { filters: 3, stemChannels: 4, unshuffle: 1 }));
const inputsOf = (name: string) => graph.nodes.find((node) => node.name === name)?.inputs;

describe("the network of a chain", () => {
  it("counts as worked out by hand", () => {
    const { parts, receptiveFieldPx } = networkCost(graph);
    /** Twice a depthwise 3x3 filter and a pointwise one; the first reads six channels. */
    const separable = 9 * 6 + 6 * 3 + (9 * 3 + 3 * 3);
    expect(parts).toEqual([
      { name: "stem", parameters: 9 * 4 + 2 * 4, multiplyAddsPerPixel: 9 * 4 },
      // The skip from four channels to six goes through a 1x1 convolution with a norm.
      { name: "layer_0", parameters: 9 * 4 * 6 + 2 * 6 + (4 * 6 + 2 * 6), multiplyAddsPerPixel: 9 * 4 * 6 + 4 * 6 },
      { name: "layer_1", parameters: separable + 2 * 2 * 3, multiplyAddsPerPixel: separable },
      // This skip has the channels of its layer and costs nothing.
      { name: "layer_2", parameters: 9 * 3 * 6 + 2 * 6, multiplyAddsPerPixel: 9 * 3 * 6 },
      { name: "decoder", parameters: 9 * 6 + 1, multiplyAddsPerPixel: 9 * 6 },
    ]);
    expect(receptiveFieldPx).toBe(2 * (1 + 2 + 2 * 3 + 1 + 1) + 1);
  });

  it("adds to what a layer computes the value that it skips from", () => {
    expect(inputsOf("layer_0.sum")).toEqual(["layer_0.op.bn", "layer_0.skip.bn"]);
    expect(inputsOf("layer_0.skip.conv")).toEqual(["stem.bn"]);
    expect(inputsOf("layer_1.op.depthwise_1")).toEqual(["layer_0.sum.active"]);
    expect(inputsOf("layer_2.sum")).toEqual(["layer_2.op.bn", "layer_0.sum"]);
  });

  it("says of each layer what it decided", () => {
    expect(explainGenotype(genotype)).toEqual([
      "layer 0: conv_3x3 on the stem, width ×2, dilation 2, plus the stem",
      "layer 1: sep_conv_3x3 on layer 0, width ×1, dilation 3",
      "layer 2: conv_3x3 on layer 1, width ×2, plus layer 0",
    ]);
  });
});
