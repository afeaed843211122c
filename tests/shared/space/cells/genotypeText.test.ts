import { describe, expect, it } from "vitest";

import { readGenotypeText } from "#shared/space/cells/genotypeText.ts";

const DARTS = `DARTS_V2 = Genotype(normal=[('sep_conv_3x3', 0), ('sep_conv_3x3', 1), ('skip_connect', 0), ('dil_conv_3x3', 2)],
  normal_concat=range(2, 4), reduce=[('max_pool_3x3', 0), ('max_pool_3x3', 1)], reduce_concat=[2])  # printed`;

describe("a genotype as other programs print it", () => {
  it("is read from DARTS's text: its normal cell in each layer, at one width", () => {
    const genotype = readGenotypeText(DARTS, "paper.txt");
    expect(genotype).toMatchObject({ widthFactors: [1], widthPath: [0, 0, 0] });
    expect(genotype.cells[2]?.nodes).toEqual([
      [
        { from: "s1", primitive: "sep_conv_3x3" },
        { from: "s0", primitive: "sep_conv_3x3" },
      ],
      [
        { from: "s1", primitive: "skip_connect" },
        { from: "node_0", primitive: "dil_conv_3x3" },
      ],
    ]);
  });

  it.each([
    "Genotype(cells=[[('conv_3x3', 0), ('skip_connect', 1)], [('dil_conv_5x5', 1), ('conv_3x3', 0)]], path=[0, 1])",
    "([[('conv_3x3', 0), ('skip_connect', 1)], [('dil_conv_5x5', 1), ('conv_3x3', 0)]], [0, 1])",
    '[[[["conv_3x3", 0], ["skip_connect", 1]], [["dil_conv_5x5", 1], ["conv_3x3", 0]]], [0, 1]]',
  ])("is read from HiNAS's text, a cell and a width for each layer: %s", (text) => {
    const genotype = readGenotypeText(text, "pasted text");
    expect(genotype).toMatchObject({ widthFactors: [1, 1.5, 2], widthPath: [0, 1] });
    expect(genotype.cells[1]?.nodes[0]).toEqual([
      { from: "s0", primitive: "dil_conv_5x5" },
      { from: "s1", primitive: "conv_3x3" },
    ]);
  });

  it.each([
    ["Genotype(normal=[('max_pool_3x3', 0), ('skip_connect', 1)])", "normal[0]: must be one of conv_3x3"],
    ["Genotype(normal=[('conv_3x3', 0)])", "normal must have 2 edges for each node, got 1"],
    ["Genotype(normal=[('conv_3x3', 0), ('conv_3x3', 5)])", "must be a state before node_0"],
    [
      "Genotype(normal=[('conv_3x3', 0), ('conv_3x3', 1)], normal_concat=[1])",
      "normal_concat must be all nodes, 2 to 2",
    ],
    ["Genotype(normal=[('conv_3x3', 0), ", "a bracket is open"],
    ["__import__('os').system('x')", 'must be JSON or a genotype as Python prints it, got "'],
    ["Genotype(path=[0])", "must have the part normal"],
    ["just words", 'must be a list, a text or a whole number, got "just"'],
    ["", "must be JSON or a genotype"],
    ["[".repeat(5000), "nest at most 10 deep"],
    ["([[('conv_3x3', 0), ('skip_connect', 1)]], [4])", "widthPath[0] must be below 3"],
  ])("is refused with its place where it is none: %s", (text, message) => {
    expect(() => readGenotypeText(text, "pasted text")).toThrow(message);
  });
});
