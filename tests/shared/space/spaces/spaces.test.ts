import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { LabError } from "#shared/labError.ts";
import type { Genotype } from "#shared/space/cells/genotype.ts";
import { genotypeHash, genotypeToJson, parseAnyGenotype } from "#shared/space/spaces/spaces.ts";

import { anyGenotypes } from "#tests/shared/space/arbitraries.ts";

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

describe("a genotype of any space", () => {
  it("comes back from its JSON as it was", () => {
    fc.assert(
      fc.property(anyGenotypes, (genotype) => {
        expect(parseAnyGenotype(JSON.parse(genotypeToJson(genotype)), "written")).toEqual(genotype);
      }),
    );
  });

  it("is the same text and has the same hash whatever order its keys were in", () => {
    const shuffled = {
      cells: valid.cells.map(({ nodes }) => ({
        nodes: nodes.map((edges) => edges.map(({ from, primitive }) => ({ primitive, from }))),
      })),
      widthPath: valid.widthPath,
      version: valid.version,
      widthFactors: valid.widthFactors,
      schema: valid.schema,
    };
    expect(genotypeToJson(shuffled)).toBe(genotypeToJson(valid));
    expect(genotypeHash(shuffled)).toBe(genotypeHash(valid));
  });

  it("has a hash of eight hexadecimal digits that depends on every part", () => {
    const others: Genotype[] = [
      { ...valid, widthPath: [1, 1] },
      { ...valid, widthFactors: [1, 1.5, 2.5] },
      { ...valid, cells: [...valid.cells].map(({ nodes }) => ({ nodes: nodes.map((edges) => [...edges].reverse()) })) },
    ];
    const hashes = [valid, ...others].map(genotypeHash);
    expect(new Set(hashes).size).toBe(hashes.length);
    for (const hash of hashes) expect(hash).toMatch(/^[0-9a-f]{8}$/);
  });

  it.each<[string, unknown, string]>([
    ["text", "a genotype", 'the genotype must be of type object, got "a genotype"'],
    ["nothing", undefined, "the genotype must be of type object, got nothing"],
    [
      "no schema",
      { version: 1 },
      "schema must be one of hinas.genotype, hinas.scales, hinas.chain, hinas.motifs, hinas.resolutions, got nothing",
    ],
    [
      "an unknown schema",
      { ...valid, schema: "darts" },
      'schema must be one of hinas.genotype, hinas.scales, hinas.chain, hinas.motifs, hinas.resolutions, got "darts"',
    ],
    ["a fault inside", { ...valid, cells: [] }, "cells must hold at least 1, got []"],
  ])("is refused with %s, in the words of its space", (_, value, message) => {
    expect(() => parseAnyGenotype(value, "found.json")).toThrow(new LabError("bad_genotype", `found.json: ${message}`));
  });
});
