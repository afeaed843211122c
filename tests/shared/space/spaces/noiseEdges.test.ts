import { describe, expect, it } from "vitest";

import { deriveGenotype } from "#shared/space/cells/derive.ts";
import { explainDerivation } from "#shared/space/cells/explain.ts";
import { explanationLines } from "#shared/space/cells/explanationLines.ts";
import { countNoise } from "#shared/space/cells/certainty.ts";
import type { Genotype, GenotypeEdge } from "#shared/space/cells/genotype.ts";
import { networkCost } from "#shared/space/graph/costModel.ts";
import { planNetwork } from "#shared/space/spaces/networkPlan.ts";
import { buildNetworkGraph } from "#shared/space/spaces/spaces.ts";

const genotypeOf = (edges: readonly GenotypeEdge[]): Genotype => ({
  schema: "hinas.genotype",
  version: 1,
  widthFactors: [1],
  widthPath: [0],
  cells: [{ nodes: [edges] }],
});
const graphOf = (edges: readonly GenotypeEdge[]) => buildNetworkGraph(planNetwork(genotypeOf(edges), { filters: 4 }));
const nodeOf = (edges: readonly GenotypeEdge[]) => graphOf(edges).nodes.find(({ name }) => name.endsWith("node_0"));

const NOISE: GenotypeEdge = { from: "s1", primitive: "noise" };
const CONVOLUTION: GenotypeEdge = { from: "s0", primitive: "conv_3x3" };

describe("a network with edges of noise", () => {
  it("leaves them out", () => {
    expect(nodeOf([CONVOLUTION, { from: "s1", primitive: "skip_connect" }])?.inputs).toHaveLength(2);
    expect(nodeOf([NOISE, CONVOLUTION])?.inputs).toHaveLength(1);
    const cost = (edges: readonly GenotypeEdge[]) => networkCost(graphOf(edges)).multiplyAddsPerPixel;
    // What makes the state that nobody reads any more: a 1x1 filter from the 64 channels of the stem.
    const unread = 64 * 4;
    expect(cost([NOISE, CONVOLUTION])).toBe(cost([{ from: "s1", primitive: "skip_connect" }, CONVOLUTION]) - unread);
  });

  it("has a zero where a node keeps nothing else", () => {
    const node = nodeOf([NOISE, { from: "s0", primitive: "noise" }]);
    expect(node).toMatchObject({ kind: "subtract" });
    expect(node?.inputs[0]).toBe(node?.inputs[1]);
  });
});

describe("a derivation that keeps noise", () => {
  const logits = {
    primitives: ["conv_3x3", "noise", "none"] as const,
    alpha: [
      [
        [1, 2, 0],
        [2, 1, 0],
      ],
    ],
    beta: [[-50, 1, -50]],
  };

  it("keeps it as the search chose it, and warns", () => {
    const genotype = deriveGenotype(logits, [1]);
    expect(countNoise(genotype)).toBe(1);
    expect(explanationLines(explainDerivation(logits, [1]))[0]).toBe(
      "warning: 1 of the 2 kept edges are noise; a network leaves them out, so this search failed its test",
    );
  });

  it("does not warn where there is none", () => {
    const decided = {
      ...logits,
      alpha: [
        [
          [2, 1, 0],
          [2, 1, 0],
        ],
      ],
    };
    expect(explanationLines(explainDerivation(decided, [1])).join("\n")).not.toContain("warning");
  });

  it("gives noise no tie", () => {
    const tied = {
      ...logits,
      primitives: ["noise", "skip_connect", "none"] as const,
      alpha: [
        [
          [1, 1, 1],
          [1, 1, 1],
        ],
      ],
    };
    expect(countNoise(deriveGenotype(tied, [1]))).toBe(0);
  });
});
