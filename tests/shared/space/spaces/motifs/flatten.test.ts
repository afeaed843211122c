import { describe, expect, it } from "vitest";

import { flatten } from "#shared/space/spaces/motifs/flatten.ts";
import { makeMotifs, type Motif, type MotifEdge } from "#shared/space/spaces/motifs/genotype.ts";
import { explainGenotype } from "#shared/space/spaces/spaces.ts";

const edge = (from: number, to: number, op: MotifEdge["op"]): MotifEdge => ({ from, to, op });

/** Two motifs of three nodes, one of them with an edge over its inner node, and a cell of four nodes over them. */
const triangle: Motif = {
  nodes: 3,
  edges: [edge(0, 1, "conv_3x3"), edge(0, 2, "skip_connect"), edge(1, 2, "sep_conv_3x3")],
};
const line: Motif = { nodes: 3, edges: [edge(0, 1, "dil_conv_3x3"), edge(1, 2, "conv_3x3")] };
const cell: Motif = {
  nodes: 4,
  edges: [edge(0, 1, "motif_0"), edge(0, 2, "motif_1"), edge(1, 2, "motif_0"), edge(2, 3, "motif_1")],
};

describe("flattening a hierarchy of motifs", () => {
  it("gives the edges of three levels as worked out by hand", () => {
    const { nodes, edges } = flatten(makeMotifs(1, [[triangle, line], [cell]]));
    expect(nodes).toEqual(["0", "0_1.1", "1", "0_2.1", "1_2.1", "2", "2_3.1", "3"]);
    expect(edges.map(({ from, to, primitive }) => `${from} ${primitive} ${to}`)).toEqual([
      "0 conv_3x3 0_1.1",
      "0 skip_connect 1",
      "0_1.1 sep_conv_3x3 1",
      "0 dil_conv_3x3 0_2.1",
      "0_2.1 conv_3x3 2",
      "1 conv_3x3 1_2.1",
      "1 skip_connect 2",
      "1_2.1 sep_conv_3x3 2",
      "2 dil_conv_3x3 2_3.1",
      "2_3.1 conv_3x3 3",
    ]);
  });

  it("names each edge by the edges that it lies in, whatever the depth", () => {
    const pair: Motif = { nodes: 2, edges: [edge(0, 1, "motif_0")] };
    const { edges } = flatten(
      makeMotifs(1, [[line], [pair], [{ nodes: 3, edges: [edge(0, 1, "motif_0"), edge(1, 2, "motif_0")] }]]),
    );
    expect(edges.map(({ name, from, to }) => `${name}: ${from} ${to}`)).toEqual([
      "0_1.0_1.0_1: 0 0_1.0_1.1",
      "0_1.0_1.1_2: 0_1.0_1.1 1",
      "1_2.0_1.0_1: 1 1_2.0_1.1",
      "1_2.0_1.1_2: 1_2.0_1.1 2",
    ]);
  });

  it("is counted where the hierarchy is explained", () => {
    expect(explainGenotype(makeMotifs(2, [[triangle, line], [cell]]))).toEqual([
      "level 2, motif_0: 0→1 conv_3x3, 0→2 skip_connect, 1→2 sep_conv_3x3",
      "level 2, motif_1: 0→1 dil_conv_3x3, 1→2 conv_3x3",
      "level 3, the cell: 0→1 motif_0, 0→2 motif_1, 1→2 motif_0, 2→3 motif_1",
      "2 cells of 8 nodes and 10 edges",
    ]);
  });
});
