import { describe, expect, it } from "vitest";

import type { Genotype } from "#shared/space/cells/genotype.ts";
import { networkCost } from "#shared/space/graph/costModel.ts";
import { graphNorms } from "#shared/space/graph/graphParameters.ts";
import { formOfNode, valueForms } from "#shared/space/graph/networkGraph.ts";
import { planNetwork } from "#shared/space/spaces/networkPlan.ts";
import { buildNetworkGraph } from "#shared/space/spaces/spaces.ts";

/** Two scales, one node in each cell, the wider level at the bottom. */
const cell = {
  nodes: [
    [
      { from: "s1", primitive: "conv_3x3" },
      { from: "s0", primitive: "skip_connect" },
    ],
  ],
} as const;
const genotype: Genotype = {
  ...{ schema: "hinas.scales", version: 1, widthFactors: [1, 1.5], widthPath: [0, 1, 0] },
  cells: [cell, cell, cell],
};
const plan = planNetwork(genotype, { filters: 2, stemChannels: 4 });
const graph = buildNetworkGraph(plan);
const inputsOf = (name: string) => graph.nodes.find((node) => node.name === name)?.inputs;

describe("the network of a U", () => {
  it("counts as worked out by hand", () => {
    /** Filters of a cell: two that scale its inputs, the convolution, and the one that joins the stream. */
    const filters = (channels: number, stream: number): number => 3 * stream * channels + 9 * channels ** 2;
    const norms = (channels: number, stream: number): number => 3 * 2 * channels + 2 * stream;
    expect(networkCost(graph).parts).toEqual([
      { name: "stem", parameters: 9 * 4 + 4, multiplyAddsPerPixel: 9 * 4 },
      { name: "layer_0", parameters: filters(2, 4) + norms(2, 4), multiplyAddsPerPixel: filters(2, 4) },
      {
        name: "layer_1",
        parameters: 16 * 8 + 8 + filters(6, 8) + norms(6, 8),
        multiplyAddsPerPixel: (16 * 8 + filters(6, 8)) / 4,
      },
      {
        name: "layer_2",
        parameters: 8 * 16 + 16 + filters(2, 4) + norms(2, 4),
        multiplyAddsPerPixel: (8 * 16) / 4 + filters(2, 4),
      },
      { name: "decoder", parameters: 9 * 4 + 1, multiplyAddsPerPixel: 9 * 4 },
    ]);
  });

  it("has a bias in place of each norm's scale and shift where it is trained without norms", () => {
    const bare = buildNetworkGraph({ ...plan, normalisation: "none" });
    const channels = 2 * (3 * 2 + 4) + (3 * 6 + 8);
    expect(graphNorms(bare)).toEqual([]);
    expect(networkCost(bare).parameters).toBe(networkCost(graph).parameters - channels);
    expect(networkCost(bare).multiplyAddsPerPixel).toBe(networkCost(graph).multiplyAddsPerPixel);
  });

  it("leads the stream past each cell, which adds to it, and past the value of its scale on the way up", () => {
    expect(inputsOf("layer_0.scale_s0.conv")).toEqual(["stem"]);
    expect(inputsOf("layer_0.scale_s1.conv")).toEqual(["stem"]);
    expect(inputsOf("layer_0.stream")).toEqual(["stem", "layer_0.join.bn"]);
    expect(inputsOf("layer_1.blocks")).toEqual(["layer_0.stream"]);
    expect(inputsOf("layer_1.stream")).toEqual(["layer_1.down", "layer_1.join.bn"]);
    expect(inputsOf("layer_2.up.conv")).toEqual(["layer_1.stream"]);
    expect(inputsOf("layer_2.joined")).toEqual(["layer_2.pixels", "layer_0.stream"]);
    expect(inputsOf("layer_2.scale_s0.conv")).toEqual(["layer_2.joined"]);
    expect(inputsOf("layer_2.scale_s1.conv")).toEqual(["layer_0.stream"]);
    expect(inputsOf("layer_2.stream")).toEqual(["layer_2.joined", "layer_2.join.bn"]);
    expect(inputsOf("decoder.output.conv")).toEqual(["layer_2.stream"]);
  });

  it("halves the resolution and doubles the channels on the way down, and back on the way up", () => {
    const forms = valueForms(graph);
    const found = [0, 1, 2].map((layer) => formOfNode(forms, `layer_${layer}.stream`));
    expect(found).toEqual([
      { channels: 4, scale: 1 },
      { channels: 8, scale: 2 },
      { channels: 4, scale: 1 },
    ]);
  });

  it("begins with cells that add little to the stream", () => {
    const gains = graph.nodes.flatMap((node) => ("gain" in node ? [[node.name, node.gain]] : []));
    expect(gains).toEqual([0, 1, 2].map((layer) => [`layer_${layer}.join.conv`, 0.1]));
  });
});
