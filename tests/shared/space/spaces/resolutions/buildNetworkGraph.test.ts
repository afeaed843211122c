import { describe, expect, it } from "vitest";

import { type Genotype, parseGenotype } from "#shared/space/cells/genotype.ts";
import { networkCost } from "#shared/space/graph/costModel.ts";
import { formOfNode, valueForms } from "#shared/space/graph/networkGraph.ts";
import { planNetwork } from "#shared/space/spaces/networkPlan.ts";
import { buildNetworkGraph, explainGenotype } from "#shared/space/spaces/spaces.ts";

const cell = {
  nodes: [
    [
      { from: "s1", primitive: "skip_connect" },
      { from: "s0", primitive: "conv_3x3" },
    ],
  ],
} as const;
/** Down to a quarter and up again, as a U. */
const genotype: Genotype = {
  ...{ schema: "hinas.resolutions", version: 1 },
  ...{ widthFactors: [1, 2, 4], widthPath: [0, 1, 2, 1], cells: [cell, cell, cell, cell] },
};
const sizes = { filters: 2, stemChannels: 4, endpointChannels: 3, decoderChannels: 5 };
const graph = buildNetworkGraph(planNetwork(genotype, sizes));
const forms = valueForms(graph);
const inputsOf = (name: string) => graph.nodes.find((node) => node.name === name)?.inputs;

describe("the network of a path through resolutions", () => {
  it("works at the stride of each layer, with twice the channels at each halving", () => {
    const values = genotype.widthPath.map((_, layer) => formOfNode(forms, `layer_${layer}.active`));
    expect(values).toEqual([
      { channels: { groups: 1, channels: 2 }, scale: 1 },
      { channels: { groups: 1, channels: 4 }, scale: 2 },
      { channels: { groups: 1, channels: 8 }, scale: 4 },
      { channels: { groups: 1, channels: 4 }, scale: 2 },
    ]);
  });

  it("comes down by convolutions of stride 2 and up bilinear, over as many levels as lie between", () => {
    expect(inputsOf("layer_1.scale_s0.blocks_1")).toEqual(["layer_1.scale_s0.bn"]);
    expect(inputsOf("layer_1.scale_s0.down_1.conv")).toEqual(["layer_1.scale_s0.blocks_1"]);
    expect(inputsOf("layer_2.scale_s1.down_2.conv")).toEqual(["layer_2.scale_s1.blocks_2"]);
    expect(inputsOf("layer_3.scale_s0.enlarged_1")).toEqual(["layer_3.scale_s0.bn"]);
    expect(inputsOf("decoder.joined")).toEqual(["decoder.endpoint.bn.active", "decoder.pre.enlarged_1"]);
    expect(inputsOf("decoder.endpoint.conv")).toEqual(["layer_0.active"]);
  });

  it("counts as worked out by hand", () => {
    const parts = new Map(networkCost(graph).parts.map(({ name, ...cost }) => [name, cost]));
    expect(parts.get("layer_0")).toEqual({
      parameters: 2 * (4 * 2 + 4) + 9 * 4 + 4,
      multiplyAddsPerPixel: 2 * 4 * 2 + 9 * 4,
    });
    // s0 from two channels, s1 from the stem's four: narrowed at full resolution, then blocks of eight channels to four.
    expect(parts.get("layer_1")).toEqual({
      parameters: 2 * 2 + 4 + 4 * 2 + 4 + 2 * (8 * 4 + 8) + 9 * 16 + 8,
      multiplyAddsPerPixel: 2 * 2 + 4 * 2 + (2 * 8 * 4 + 9 * 16) / 4,
    });
    // Enlarging has no parameters.
    expect(parts.get("layer_3")).toEqual({
      parameters: 8 * 4 + 8 + (4 * 4 + 8) + 9 * 16 + 8,
      multiplyAddsPerPixel: (8 * 4) / 16 + (4 * 4 + 9 * 16) / 4,
    });
  });

  it("says of each layer its stride and width, and what its cell sums", () => {
    const sum = "node_0 = skip_connect(s1) + conv_3x3(s0)";
    expect(explainGenotype(genotype)).toEqual([
      `layer 0: stride 1, width ×1, ${sum}`,
      `layer 1: stride 2, width ×2, ${sum}`,
      `layer 2: stride 4, width ×4, ${sum}`,
      `layer 3: stride 2, width ×2, ${sum}`,
    ]);
  });

  it("is refused where a path jumps over a resolution, or there are more than the program has", () => {
    const read = (changed: object) => () => parseGenotype({ ...genotype, ...changed }, "a.json");
    expect(read({ widthPath: [0, 2, 1, 1] })).toThrow(
      "a.json: widthPath[1] must be at most one level away from level 0 of the layer before, got 2",
    );
    expect(read({ widthFactors: [1, 2, 4, 8, 16, 32, 64] })).toThrow(
      "a.json: widthFactors must hold at most 6 levels (strides 1 to 32), got 7",
    );
  });
});
