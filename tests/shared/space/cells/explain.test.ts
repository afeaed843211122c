import fc from "fast-check";
import { describe, expect, it } from "vitest";

import type { ArchLogits } from "#shared/space/cells/archLogits.ts";
import { deriveGenotype } from "#shared/space/cells/derive.ts";
import { explainDerivation } from "#shared/space/cells/explain.ts";
import { explanationLines } from "#shared/space/cells/explanationLines.ts";

import { searchOutcomes } from "#tests/shared/space/arbitraries.ts";

/** Logits whose softmax is 1/8, 5/8 and 2/8 and so on. */
const worked: ArchLogits = {
  primitives: ["conv_3x3", "skip_connect", "none"],
  alpha: [
    [
      [0, Math.log(5), Math.log(2)],
      [Math.log(6), 0, 0],
      [Math.log(3), Math.log(4), 0],
      [Math.log(2), Math.log(5), 0],
      [0, Math.log(3), Math.log(4)],
    ],
  ],
  beta: [[-50, Math.log(3), 0]],
};

describe("explanation of a derivation", () => {
  it("agrees with the genotype on every edge and width level", () => {
    fc.assert(
      fc.property(searchOutcomes, ({ logits, widthFactors, kind }) => {
        const genotype = deriveGenotype(logits, widthFactors, kind);
        const { layers, widthPath } = explainDerivation(logits, widthFactors, kind);
        const kept = layers.map(({ nodes }) => ({
          nodes: nodes.map((node) =>
            node.candidates.slice(0, node.kept).map(({ from, best }) => ({ from, primitive: best.primitive })),
          ),
        }));
        expect(kept).toEqual(genotype.cells);
        expect(widthPath).toEqual(genotype.widthPath);
        expect(layers.map(({ chosenLevel }) => chosenLevel)).toEqual(genotype.widthPath);
      }),
    );
  });

  it("reports the margin between the weakest kept and the strongest dropped edge", () => {
    const nodes = explainDerivation(worked, [1, 2]).layers[0]?.nodes;
    expect(nodes?.[0]?.margin).toBeNull();
    expect(nodes?.[1]?.candidates.map(({ from }) => from)).toEqual(["s0", "s1", "node_0"]);
    expect(nodes?.[1]?.margin).toBeCloseTo(4 / 8 - 3 / 8, 12);
  });

  it("reports the product of each width level and of the chosen path", () => {
    const { layers, product } = explainDerivation(worked, [1, 2]);
    expect(layers[0]?.levels.map((level) => level.product)).toEqual([
      expect.closeTo(0.75, 12),
      expect.closeTo(0.25, 12),
    ]);
    expect(product).toBeCloseTo(0.75, 12);
  });

  it("says in lines what was kept, what was dropped and by how much", () => {
    expect(explanationLines(explainDerivation(worked, [1, 2]))).toEqual([
      "width path x1 with product 0.7500, 1.50 times the untrained",
      "layer 0",
      "  takes  width x1: best product 0.7500, from x1 by a move of 0.7500",
      "  leaves width x2: best product 0.2500, from x1 by a move of 0.2500",
      "  node_0 keeps both of its edges",
      "    keeps s0      conv_3x3     0.7500, ahead of skip_connect by 0.6250; none weighs 0.1250",
      "    keeps s1      skip_connect 0.6250, ahead of conv_3x3 by 0.5000; none weighs 0.2500",
      "  node_1 keeps 2 of 3 edges, margin 0.1250",
      "    keeps s0      skip_connect 0.6250, ahead of conv_3x3 by 0.3750; none weighs 0.1250",
      "    keeps s1      skip_connect 0.5000, ahead of conv_3x3 by 0.1250; none weighs 0.1250",
      "    drops node_0  skip_connect 0.3750, 0.1250 below the last kept edge",
    ]);
  });

  it("marks path, edges and primitives that an untrained search could have come to by chance", () => {
    const alpha = [worked.alpha[0]!.map((row) => row.map((_, column) => 1 + (column === 0 ? 0.02 : 0)))];
    const lines = explanationLines(explainDerivation({ ...worked, alpha, beta: [[-50, 1.02, 1]] }, [1, 2]));
    expect(lines[0]).toMatch(/, 1\.01 times the untrained \(undecided\)$/);
    expect(lines).toContainEqual(expect.stringMatching(/node_1 keeps 2 of 3 edges, margin 0\.0000 \(undecided\)/));
    expect(lines.filter((line) => /ahead of .* \(undecided\)/.test(line))).toHaveLength(4);
    const untrained = explainDerivation({ ...worked, alpha, beta: [[-50, 1, 1]] }, [1, 2]);
    expect(untrained.gain).toBeCloseTo(1, 12);
  });

  it("says of a U which width level weighs most at each place, and where that is", () => {
    const alpha = [worked.alpha[0]!, worked.alpha[0]!, worked.alpha[0]!];
    const beta = [[0, Math.log(3)], [0, 0], [Math.log(4), 0]]; // prettier-ignore
    const lines = explanationLines(explainDerivation({ ...worked, alpha, beta }, [1, 2], "scales"));
    expect(lines[0]).toBe("width levels x2, x1, x1 with product 0.3000, 2.40 times the untrained");
    expect(lines.filter((line) => /^place|width x/.test(line))).toEqual([
      "place 0 (down, 1)",
      "  leaves width x1: weighs 0.2500",
      "  takes  width x2: weighs 0.7500",
      "place 1 (bottom, 1/2)",
      "  takes  width x1: weighs 0.5000",
      "  leaves width x2: weighs 0.5000",
      "place 2 (up, 1)",
      "  takes  width x1: weighs 0.8000",
      "  leaves width x2: weighs 0.2000",
    ]);
  });

  it("leaves out rivals and none where an edge has neither", () => {
    const lines = explanationLines(
      explainDerivation({ primitives: ["conv_3x3"], alpha: [[[0], [0]]], beta: [[-50, 0, -50]] }, [1]),
    );
    expect(lines.at(-1)).toBe("    keeps s0      conv_3x3     1.0000");
  });

  it("refuses what derive refuses, under its own name", () => {
    expect(() => explainDerivation({ ...worked, beta: [] }, [1, 2])).toThrow("explain: beta must have 1 rows");
  });
});
