import { describe, expect, it } from "vitest";

import { makeMotifs, parseGenotype } from "#shared/space/spaces/motifs/genotype.ts";
import { genotypeHash } from "#shared/space/spaces/spaces.ts";

const line = {
  nodes: 3,
  edges: [
    { from: 0, to: 1, op: "conv_3x3" },
    { from: 1, to: 2, op: "skip_connect" },
  ],
} as const;
const cell = { nodes: 2, edges: [{ from: 0, to: 1, op: "motif_0" }] } as const;
const withLine = (motif: object) => ({ ...makeMotifs(1, []), levels: [[motif], [cell]] });

describe("the genotype of a hierarchy", () => {
  it("means the same whatever order its edges were written in", () => {
    const turned = { ...line, edges: [...line.edges].reverse() };
    expect(parseGenotype(withLine(turned), "a.json")).toEqual(makeMotifs(1, [[line], [cell]]));
    expect(genotypeHash(parseGenotype(withLine(turned), "a.json"))).toBe(genotypeHash(makeMotifs(1, [[line], [cell]])));
  });

  it.each<[string, object, string]>([
    [
      "an edge that leads back",
      withLine({ ...line, edges: [...line.edges, { from: 2, to: 1, op: "conv_3x3" }] }),
      "levels[0][0].edges[2].from must be a node before 1, got 2",
    ],
    [
      "an edge to nowhere",
      withLine({ ...line, edges: [{ from: 0, to: 3, op: "conv_3x3" }] }),
      "levels[0][0].edges[0].to must be below 3 (the nodes), got 3",
    ],
    [
      "two edges between the same nodes",
      withLine({ ...line, edges: [...line.edges, line.edges[0]] }),
      "levels[0][0].edges[2] must differ from the other edges, got 0 to 1 twice",
    ],
    [
      "a node that nothing leads to",
      withLine({ ...line, edges: [{ from: 0, to: 2, op: "conv_3x3" }] }),
      "levels[0][0].edges must lead from node 0 over every node to node 2, got none at 1",
    ],
    [
      "a motif below the first level",
      withLine({ ...line, edges: [{ from: 0, to: 1, op: "motif_0" }] }),
      'levels[0][0].edges[0].op must be one of the level below (a primitive), got "motif_0"',
    ],
    [
      "a primitive above it",
      { ...makeMotifs(1, []), levels: [[line], [line]] },
      'levels[1][0].edges[0].op must be one of the level below (motif_0), got "conv_3x3"',
    ],
    [
      "two cells at the end",
      { ...makeMotifs(1, []), levels: [[line, line]] },
      "levels[0] must hold one motif, which is the cell, got 2",
    ],
    [
      "an op that computes nothing",
      withLine({ ...line, edges: [{ from: 0, to: 1, op: "none" }] }),
      'levels[0][0].edges[0].op must be a primitive other than none and noise, or motif_0, motif_1, ..., got "none"',
    ],
  ])("is refused with %s, said in place, expectation and value", (_, value, message) => {
    expect(() => parseGenotype(value, "a.json")).toThrow(`a.json: ${message}`);
  });
});
