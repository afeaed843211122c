import { describe, expect, it } from "vitest";

import { editGenotype } from "#shared/space/cells/editGenotype.ts";
import type { Genotype, GenotypeEdge } from "#shared/space/cells/genotype.ts";
import { diffGenotypes } from "#shared/space/cells/genotypeDiff.ts";

const EDGES: readonly GenotypeEdge[] = [
  { from: "s0", primitive: "conv_3x3" },
  { from: "s1", primitive: "skip_connect" },
];

function build(layers: number): Genotype {
  return {
    schema: "hinas.genotype",
    version: 1,
    widthFactors: [1, 2],
    widthPath: Array<number>(layers).fill(0),
    cells: Array.from({ length: layers }, () => ({ nodes: [EDGES, EDGES] })),
  };
}

describe("diffGenotypes", () => {
  it("finds nothing between equal ones, however the edges of a node are ordered", () => {
    const turned: Genotype = {
      ...build(2),
      cells: [{ nodes: [EDGES.toReversed(), EDGES] }, { nodes: [EDGES, EDGES] }],
    };
    expect(diffGenotypes([build(2), turned, build(2)])).toEqual([]);
  });

  it("names each node and width that differs, with what each genotype has there", () => {
    const edge = { kind: "edge", layer: 1, node: 1, edge: 0, from: "node_0", primitive: "conv_3x3" } as const;
    const edited = editGenotype(build(2), edge).genotype;
    const wide = editGenotype(build(2), { kind: "width", layer: 1, level: 1 }).genotype;
    expect(diffGenotypes([build(2), edited, wide])).toEqual([
      { kind: "width", layer: 1, factors: [1, 1, 2] },
      { kind: "node", layer: 1, node: "node_1", edges: [EDGES, edited.cells[1]?.nodes[1], EDGES] },
    ]);
  });

  it("shows what a smaller one does not have", () => {
    expect(diffGenotypes([build(1), build(2)])).toEqual([
      { kind: "width", layer: 1, factors: [null, 1] },
      { kind: "node", layer: 1, node: "node_0", edges: [null, EDGES] },
      { kind: "node", layer: 1, node: "node_1", edges: [null, EDGES] },
    ]);
  });
});
