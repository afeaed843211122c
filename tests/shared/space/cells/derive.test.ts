import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { LabError } from "#shared/labError.ts";
import type { ArchLogits } from "#shared/space/cells/archLogits.ts";
import { initArchLogits } from "#shared/space/cells/archLogits.ts";
import { deriveGenotype } from "#shared/space/cells/derive.ts";
import { parseGenotype } from "#shared/space/cells/genotype.ts";
import { searchSpaceSchema } from "#shared/space/spaces/searchSpace.ts";

import { searchOutcomes } from "#tests/shared/space/arbitraries.ts";

const uniform = initArchLogits(searchSpaceSchema.parse({}));
const factors = [1, 1.5, 2];

function permuted(logits: ArchLogits, order: readonly number[]): ArchLogits {
  const pick = <T>(items: readonly T[]): T[] =>
    order.flatMap((index) => {
      const item = items[index];
      return item === undefined ? [] : [item];
    });
  return { ...logits, primitives: pick(logits.primitives), alpha: logits.alpha.map((rows) => rows.map(pick)) };
}

describe("derive", () => {
  it("keeps the two strongest incoming edges of each node, strongest first, and never none", () => {
    const logits: ArchLogits = {
      primitives: ["conv_3x3", "none", "skip_connect"],
      alpha: [
        [
          [0, 9, 1],
          [0, 0, 1],
          [2, 0, 0],
          [0, 0, 3],
          [0, 0, 2.5],
        ],
      ],
      beta: [[-50, 0, 1]],
    };
    expect(deriveGenotype(logits, [1, 2])).toEqual({
      schema: "hinas.genotype",
      version: 1,
      widthFactors: [1, 2],
      widthPath: [1],
      cells: [
        {
          nodes: [
            [
              { from: "s0", primitive: "skip_connect" },
              { from: "s1", primitive: "skip_connect" },
            ],
            [
              { from: "s0", primitive: "skip_connect" },
              { from: "node_0", primitive: "skip_connect" },
            ],
          ],
        },
      ],
    });
  });

  it("takes the earliest states and the first primitive where a search has decided nothing", () => {
    const { cells, widthPath } = deriveGenotype(uniform, factors);
    const kept = [
      { from: "s1", primitive: "conv_3x3" },
      { from: "s0", primitive: "conv_3x3" },
    ];
    expect(cells).toEqual([0, 1, 2].map(() => ({ nodes: [kept, kept, kept, kept] })));
    expect(widthPath).toEqual([0, 0, 0]);
  });

  it("gives the same genotype whatever order the primitives are listed in, ties included", () => {
    const outcomeAndOrder = searchOutcomes.chain((outcome) => {
      const columns = [...outcome.logits.primitives.keys()];
      const order = fc.shuffledSubarray(columns, { minLength: columns.length });
      return fc.record({ outcome: fc.constant(outcome), order });
    });
    fc.assert(
      fc.property(outcomeAndOrder, ({ outcome: { logits, widthFactors }, order }) => {
        expect(deriveGenotype(permuted(logits, order), widthFactors)).toEqual(deriveGenotype(logits, widthFactors));
      }),
    );
  });

  it("derives genotypes that the file format accepts", () => {
    fc.assert(
      fc.property(searchOutcomes, ({ logits, widthFactors }) => {
        const genotype = deriveGenotype(logits, widthFactors);
        expect(parseGenotype(genotype, "derived")).toEqual(genotype);
      }),
    );
  });

  it.each<[string, Partial<ArchLogits>, string]>([
    ["no layer", { alpha: [] }, "derive: alpha must have at least 1 layer, got 0"],
    [
      "rows of no cell",
      { alpha: [Array.from({ length: 10 }, () => [1])] },
      "derive: alpha must have 2, 5, 9, 14, ... rows (for 1, 2, 3, 4, ... nodes), got 10",
    ],
    [
      "a layer with fewer rows",
      { alpha: uniform.alpha.map((rows, layer) => (layer === 1 ? rows.slice(0, 9) : rows)) },
      "derive: alpha must have 14 rows for 4 nodes in layer 1, got 9",
    ],
    [
      "a row with fewer columns",
      { alpha: uniform.alpha.map((rows) => rows.map((row, edge) => (edge === 3 ? row.slice(1) : row))) },
      "derive: alpha of layer 0, edge s0 -> node_1, must have 7 columns (primitives), got 6",
    ],
    [
      "a logit that is not finite",
      { alpha: uniform.alpha.map((rows) => rows.map((row) => row.map(() => NaN))) },
      "derive: alpha of layer 0, edge s1 -> node_0, must hold finite numbers, got NaN",
    ],
    [
      "missing routers",
      { beta: uniform.beta.slice(1) },
      "derive: beta must have 6 rows for 3 layers and 3 width levels, got 5",
    ],
    [
      "a router with two moves",
      { beta: uniform.beta.map((row) => row.slice(1)) },
      "derive: beta of router 0 must have 3 columns (narrower, same, wider), got 2",
    ],
    ["none alone", { primitives: ["none"] }, "derive: primitives must name one besides none, got none"],
    [
      "a primitive named twice",
      { primitives: ["conv_3x3", "conv_3x3"] },
      "derive: primitives must name each primitive once, got conv_3x3, conv_3x3",
    ],
  ])("refuses %s and says where", (_, change, message) => {
    const derive = (): unknown => deriveGenotype({ ...uniform, ...change }, factors);
    expect(derive).toThrow(new LabError("bad_data", message));
  });
});
