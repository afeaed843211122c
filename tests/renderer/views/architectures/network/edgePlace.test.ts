import { describe, expect, it } from "vitest";

import type { Genotype } from "#shared/space/cells/genotype.ts";
import { findEdgeOfLine, findEdgeOfOp } from "#renderer/views/architectures/network/edgePlace.ts";

const genotype: Genotype = {
  schema: "hinas.genotype",
  version: 1,
  widthFactors: [1],
  widthPath: [0],
  cells: [
    {
      nodes: [
        [
          { from: "s0", primitive: "conv_3x3" },
          { from: "s1", primitive: "skip_connect" },
        ],
        [
          { from: "s0", primitive: "noise" },
          { from: "node_0", primitive: "sep_conv_3x3" },
        ],
      ],
    },
  ],
};

describe("what was clicked in the drawing of a network", () => {
  it("is the edge whose op it draws, counted through all nodes of the cell", () => {
    expect(findEdgeOfOp(genotype, "layer_0.op_0.conv")).toEqual({ layer: 0, node: 0, edge: 0 });
    expect(findEdgeOfOp(genotype, "layer_0.op_3.depthwise_1")).toEqual({ layer: 0, node: 1, edge: 1 });
    expect(findEdgeOfOp(genotype, "layer_0.op_4.conv")).toBeNull();
    expect(findEdgeOfOp(genotype, "layer_1.op_0.conv")).toBeNull();
    expect(findEdgeOfOp(genotype, "decoder.pre.conv")).toBeNull();
  });

  it("is the edge whose line it is, also where that is a skip without a box; noise has no line", () => {
    expect(findEdgeOfLine(genotype, "layer_0.node_0", 1)).toEqual({ layer: 0, node: 0, edge: 1 });
    expect(findEdgeOfLine(genotype, "layer_0.node_1", 0)).toEqual({ layer: 0, node: 1, edge: 1 });
    expect(findEdgeOfLine(genotype, "layer_0.node_1", 1)).toBeNull();
    expect(findEdgeOfLine(genotype, "decoder.joined", 0)).toBeNull();
  });
});
