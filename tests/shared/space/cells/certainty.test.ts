import { describe, expect, it } from "vitest";

import { initArchLogits } from "#shared/space/cells/archLogits.ts";
import { countSkips, edgeCertainties, isWithinNoise, normalisedEntropy } from "#shared/space/cells/certainty.ts";
import type { Genotype, GenotypeEdge } from "#shared/space/cells/genotype.ts";
import { searchSpaceSchema } from "#shared/space/spaces/searchSpace.ts";

const skip: GenotypeEdge = { from: "s1", primitive: "skip_connect" };
const conv: GenotypeEdge = { from: "s0", primitive: "conv_3x3" };

function genotypeOf(nodes: GenotypeEdge[][]): Genotype {
  return { schema: "hinas.genotype", version: 1, widthFactors: [1], cells: [{ nodes }], widthPath: [0] };
}

describe("certainty of a search", () => {
  it("is none at the start: full entropy and no margin on every edge", () => {
    const edges = edgeCertainties(initArchLogits(searchSpaceSchema.parse({})), 2);
    expect(edges).toHaveLength(14);
    for (const { entropy, margin } of edges) {
      expect(entropy).toBeCloseTo(1, 12);
      expect(margin).toBe(0);
    }
  });

  it("measures the winner against its next rival, not against none", () => {
    const alpha = [
      [
        [Math.log(2), 0, Math.log(5)],
        [0, 0, 0],
      ],
    ];
    const [edge] = edgeCertainties({ primitives: ["conv_3x3", "skip_connect", "none"], alpha, beta: [] }, 0);
    expect(edge).toMatchObject({
      from: "s1",
      to: "node_0",
      winner: "conv_3x3",
      margin: expect.closeTo(1 / 8, 12) as number,
    });
  });

  it("computes entropy as a share of a uniform choice's", () => {
    expect(normalisedEntropy([0.5, 0.25, 0.25])).toBeCloseTo(1.5 / Math.log2(3), 12);
    expect(normalisedEntropy([1, 0, 0])).toBe(0);
    expect(normalisedEntropy([1])).toBe(0);
  });

  it("tells of a collapse from half of the kept edges on, of the whole and of each layer's cell", () => {
    const few = genotypeOf([
      [skip, conv],
      [conv, conv],
    ]);
    const half = genotypeOf([
      [skip, conv],
      [skip, conv],
    ]);
    const more = genotypeOf([
      [skip, conv],
      [skip, { ...skip, from: "s0" }],
    ]);
    expect(countSkips(few)).toEqual({ skips: 1, edges: 4, isCollapsed: false, collapsedLayers: [] });
    expect(countSkips(half)).toEqual({ skips: 2, edges: 4, isCollapsed: true, collapsedLayers: [0] });
    expect(countSkips(more)).toEqual({ skips: 3, edges: 4, isCollapsed: true, collapsedLayers: [0] });
    const [plain, bad] = [few, more].map(({ cells }) => cells[0]!);
    const mixed = { ...few, cells: [plain!, bad!, plain!], widthPath: [0, 0, 0] };
    expect(countSkips(mixed)).toEqual({ skips: 5, edges: 12, isCollapsed: false, collapsedLayers: [1] });
  });

  it("takes for undecided what a random walk of an untrained search could come to", () => {
    expect(isWithinNoise(0.51, 0.5)).toBe(true);
    expect(isWithinNoise(0.53, 0.5)).toBe(false);
    expect(isWithinNoise(0.5, 0)).toBe(false);
  });
});
