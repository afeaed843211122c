import { describe, expect, it } from "vitest";

import { networkCost } from "#shared/space/graph/costModel.ts";
import { makeMotifs, type Motif } from "#shared/space/spaces/motifs/genotype.ts";
import { planNetwork } from "#shared/space/spaces/networkPlan.ts";
import { buildNetworkGraph } from "#shared/space/spaces/spaces.ts";

/** On the way from 0 to 2 over 1, and past it by a skip. */
const triangle: Motif = {
  nodes: 3,
  edges: [
    { from: 0, to: 1, op: "conv_3x3" },
    { from: 0, to: 2, op: "skip_connect" },
    { from: 1, to: 2, op: "sep_conv_3x3" },
  ],
};
const cell: Motif = {
  nodes: 3,
  edges: [
    { from: 0, to: 1, op: "motif_0" },
    { from: 1, to: 2, op: "motif_0" },
  ],
};
const graph = buildNetworkGraph(planNetwork(makeMotifs(2, [[triangle], [cell]]), { filters: 3, stemChannels: 4 }));
const inputsOf = (name: string) => graph.nodes.find((node) => node.name === name)?.inputs;

describe("the network of a hierarchy", () => {
  it("counts as worked out by hand", () => {
    /** Of each motif: a convolution, twice a depthwise and a pointwise one, and the one that joins two values of three channels. */
    const filters = 9 * 9 + 2 * (9 * 3 + 9) + 6 * 3;
    const norms = 2 * 3 * (1 + 2 + 1);
    const { parts, receptiveFieldPx } = networkCost(graph);
    expect(parts).toEqual([
      { name: "stem", parameters: 9 * 4 + 2 * 4 + 4 * 3 + 2 * 3, multiplyAddsPerPixel: 9 * 4 + 4 * 3 },
      { name: "cell_0", parameters: 2 * (filters + norms), multiplyAddsPerPixel: 2 * filters },
      { name: "cell_1", parameters: 2 * (filters + norms), multiplyAddsPerPixel: 2 * filters },
      { name: "decoder", parameters: 9 * 3 + 1, multiplyAddsPerPixel: 9 * 3 },
    ]);
    // The longest way goes over both motifs of both cells: one pixel for the convolution, two for the separable ones.
    expect(receptiveFieldPx).toBe(2 * (1 + 2 * 2 * 3 + 1) + 1);
  });

  it("joins what reaches a node side by side, and adds each cell to what it read", () => {
    expect(inputsOf("cell_0.1.joined")).toEqual(["stem.reduce.bn", "cell_0.0_1.1_2.bn_2"]);
    expect(inputsOf("cell_0.0_1.1_2.depthwise_1")).toEqual(["cell_0.0_1.0_1.bn.active"]);
    expect(inputsOf("cell_0.sum")).toEqual(["stem.reduce.bn", "cell_0.2.bn"]);
    expect(inputsOf("cell_1.sum")).toEqual(["cell_0.sum", "cell_1.2.bn"]);
  });

  it("runs a cell of skips alone, which leaves what it reads", () => {
    const pass: Motif = { nodes: 2, edges: [{ from: 0, to: 1, op: "skip_connect" }] };
    const { nodes, output } = buildNetworkGraph(planNetwork(makeMotifs(3, [[pass]]), { filters: 2, stemChannels: 2 }));
    expect(output).toBe("denoised");
    expect(nodes.filter(({ part }) => part.startsWith("cell_"))).toEqual([]);
  });
});
