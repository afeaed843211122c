import { describe, expect, it } from "vitest";

import { editGenotype } from "#shared/space/cells/editGenotype.ts";
import { type Genotype, parseGenotype } from "#shared/space/cells/genotype.ts";

const genotype: Genotype = parseGenotype(
  {
    schema: "hinas.genotype",
    version: 1,
    widthFactors: [1, 1.5, 2],
    widthPath: [0, 1],
    cells: [0, 1].map(() => ({
      nodes: [
        [
          { from: "s0", primitive: "conv_3x3" },
          { from: "s1", primitive: "skip_connect" },
        ],
        [
          { from: "s0", primitive: "sep_conv_3x3" },
          { from: "node_0", primitive: "conv_3x3" },
        ],
      ],
    })),
  },
  "test",
);

describe("editGenotype", () => {
  it("changes one edge and says what changed", () => {
    const edit = { kind: "edge", layer: 1, node: 1, edge: 0, from: "s1", primitive: "dil_conv_5x5" } as const;
    const { genotype: edited, change } = editGenotype(genotype, edit);
    expect(edited.cells[1]?.nodes[1]).toEqual([
      { from: "s1", primitive: "dil_conv_5x5" },
      { from: "node_0", primitive: "conv_3x3" },
    ]);
    expect(edited.cells[0]).toEqual(genotype.cells[0]);
    expect(change).toBe("layer 1, node_1, edge 0: sep_conv_3x3 of s0 becomes dil_conv_5x5 of s1");
  });

  it("changes the width of a layer", () => {
    const { genotype: edited, change } = editGenotype(genotype, { kind: "width", layer: 1, level: 0 });
    expect(edited.widthPath).toEqual([0, 0]);
    expect(change).toBe("layer 1: width x1.5 becomes x1");
  });

  it.each([
    [
      "an edge that is not there",
      { kind: "edge", layer: 0, node: 0, edge: 2, from: "s0", primitive: "conv_3x3" },
      /an edge that is there/,
    ],
    ["a layer that is not there", { kind: "width", layer: 2, level: 0 }, /a layer that is there/],
    [
      "a state that comes later",
      { kind: "edge", layer: 0, node: 0, edge: 0, from: "node_1", primitive: "conv_3x3" },
      /before node_0/,
    ],
    [
      "the same state twice",
      { kind: "edge", layer: 0, node: 0, edge: 0, from: "s1", primitive: "conv_3x3" },
      /"s1" twice/,
    ],
    ["a jump of two width levels", { kind: "width", layer: 0, level: 2 }, /at most one level away/],
    ["no change", { kind: "width", layer: 1, level: 1 }, /must change something/],
  ] as const)("refuses %s", (_title, edit, message) => {
    expect(() => editGenotype(genotype, edit)).toThrow(
      expect.objectContaining({ kind: "bad_genotype", message: expect.stringMatching(message) }),
    );
  });
});
