import { describe, expect, it } from "vitest";

import { LabError } from "#shared/labError.ts";
import { type Genotype, parseGenotype } from "#shared/space/cells/genotype.ts";
import { PRIMITIVES } from "#shared/space/cells/primitives.ts";

const node = [
  { from: "s0", primitive: "conv_3x3" },
  { from: "s1", primitive: "skip_connect" },
] as const;
const valid: Genotype = {
  schema: "hinas.genotype",
  version: 1,
  widthFactors: [1, 1.5, 2],
  widthPath: [1, 2],
  cells: [{ nodes: [node, node] }, { nodes: [node, node] }],
};

function refusal(value: unknown): unknown {
  try {
    return parseGenotype(value, "found.json");
  } catch (error) {
    return error;
  }
}

describe("genotype file", () => {
  it("says which version it understands when it meets a newer one", () => {
    expect(refusal({ schema: "hinas.genotype", version: 2, anything: [] })).toEqual(
      new LabError("newer_version", "found.json: version must be 1 or lower, got 2: a newer HiNAS Lab wrote it"),
    );
  });

  it.each<[string, unknown, string]>([
    ["text", "a genotype", 'the genotype must be of type object, got "a genotype"'],
    [
      "another schema",
      { ...valid, schema: "darts" },
      'schema must be one of hinas.genotype, hinas.scales, hinas.resolutions, got "darts"',
    ],
    ["a missing width path", { ...valid, widthPath: undefined }, "widthPath must be of type array, got nothing"],
    ["an unknown key", { ...valid, stride: 2 }, "the genotype must not have the key stride"],
    [
      "an unknown primitive",
      withEdge({ from: "s0", primitive: "conv_7x7" }),
      `cells[1].nodes[1][0].primitive must be one of ${PRIMITIVES.filter((name) => name !== "none").join(", ")}, got "conv_7x7"`,
    ],
    ["none as a kept edge", withEdge({ from: "s0", primitive: "none" }), 'noise, got "none"'],
    [
      "a state that has no name",
      withEdge({ from: "s2", primitive: "conv_3x3" }),
      'cells[1].nodes[1][0].from must be s1, s0, node_0, node_1, ..., got "s2"',
    ],
    [
      "a state that does not exist yet",
      withEdge({ from: "node_1", primitive: "conv_3x3" }),
      'cells[1].nodes[1][0].from must be a state before node_1 (s1, s0, node_0), got "node_1"',
    ],
    [
      "the same state twice",
      withEdge({ from: "s1", primitive: "conv_3x3" }),
      'cells[1].nodes[1][1].from must differ from the node\'s other edge, got "s1" twice',
    ],
    [
      "a node with one edge",
      { ...valid, cells: [{ nodes: [node, [node[0]]] }, { nodes: [node, node] }] },
      "cells[0].nodes[1] must keep 2 edges, got 1",
    ],
    [
      "a missing node",
      { ...valid, cells: [{ nodes: [node, node] }, { nodes: [node] }] },
      "cells[1].nodes must hold 2 nodes like the first cell's, got 1",
    ],
    ["no cell", { ...valid, cells: [] }, "cells must hold at least 1, got []"],
    ["a short width path", { ...valid, widthPath: [1] }, "widthPath must have one width level per layer (2), got 1"],
    [
      "a level without a factor",
      { ...valid, widthFactors: [1, 2] },
      "widthPath[1] must be below 2 (the width factors), got 2",
    ],
    [
      "a first layer out of reach",
      { ...valid, widthPath: [2, 2] },
      "widthPath[0] must be at most one level away from the stem's level 0, got 2",
    ],
    [
      "a jump over a level",
      { ...valid, cells: [...valid.cells, ...valid.cells], widthPath: [1, 2, 0, 0] },
      "widthPath[2] must be at most one level away from level 2 of the layer before, got 0",
    ],
    [
      "a U of an even number of cells",
      { ...valid, schema: "hinas.scales" },
      "cells must be an odd number for a U of scales (down, bottom, up), got 2",
    ],
    [
      "a U's level without a factor",
      { ...valid, schema: "hinas.scales", cells: [...valid.cells, { nodes: [node, node] }], widthPath: [0, 3, 0] },
      "widthPath[1] must be below 3 (the width factors), got 3",
    ],
    ["a fractional level", { ...valid, widthPath: [0.5, 1] }, "widthPath[0] must be of type int, got 0.5"],
    [
      "width factors out of order",
      { ...valid, widthFactors: [2, 1.5, 1] },
      "widthFactors must grow from level to level, got [2,1.5,1]",
    ],
  ])("refuses %s and says where", (_, value, message) => {
    const error = refusal(value);
    expect(error).toBeInstanceOf(LabError);
    expect(error).toMatchObject({ kind: "bad_genotype", message: expect.stringContaining(message) as string });
    expect(String(error)).toContain("found.json: ");
  });
});

/** The valid genotype with the first edge of the last node replaced. */
function withEdge(edge: unknown): unknown {
  return { ...valid, cells: [{ nodes: [node, node] }, { nodes: [node, [edge, node[1]]] }] };
}
