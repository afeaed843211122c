import { describe, expect, it } from "vitest";

import { initArchLogits } from "#shared/space/cells/archLogits.ts";
import { countSkips, edgeCertainties, normalisedEntropy } from "#shared/space/cells/certainty.ts";
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

  it("tells of a collapse where more than half of the kept edges are skips, not at half", () => {
    const half = genotypeOf([
      [skip, conv],
      [skip, conv],
    ]);
    const more = genotypeOf([
      [skip, conv],
      [skip, { ...skip, from: "s0" }],
    ]);
    expect(countSkips(half)).toEqual({ skips: 2, edges: 4, isCollapsed: false });
    expect(countSkips(more)).toEqual({ skips: 3, edges: 4, isCollapsed: true });
  });
});
