import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { foldGraph } from "#shared/space/graph/graphParameters.ts";
import { formOfNode, type GraphNode, largestScale, liveNodes, valueForms } from "#shared/space/graph/networkGraph.ts";
import type { NetworkGraph } from "#shared/space/graph/networkGraph.ts";
import { inputMarginPx } from "#shared/space/graph/reach.ts";
import { planTrimming } from "#shared/space/graph/trimming.ts";
import { buildNetworkGraph } from "#shared/space/spaces/spaces.ts";
import { planNetwork } from "#shared/space/spaces/networkPlan.ts";

import { networkPlans, scaleOfPlan, uniformGenotype } from "#tests/shared/space/arbitraries.ts";

/** How far around a wanted pixel each value is read, walking back from the output. */
function walkNeeds(graph: NetworkGraph): Map<string, number> {
  const forms = valueForms(graph);
  const reachPx = (node: GraphNode): number => {
    const { scale } = formOfNode(forms, node.name);
    if (node.kind === "enlarge") return 2 * scale;
    return "side" in node ? ((node.side - 1) / 2) * node.dilation * scale : 0;
  };
  const needs = new Map([[graph.output, 0]]);
  for (const node of liveNodes(graph).toReversed()) {
    const need = (needs.get(node.name) ?? 0) + reachPx(node);
    for (const input of node.inputs) needs.set(input, Math.max(needs.get(input) ?? 0, need));
  }
  return needs;
}

describe("planTrimming", () => {
  it("crops from what a value covers to a part of it, never below what is still read, and ends with the wanted pixels", () => {
    fc.assert(
      fc.property(networkPlans, (plan) => {
        const graph = foldGraph(buildNetworkGraph(plan));
        const forms = valueForms(graph);
        const needs = walkNeeds(graph);
        const { areas, before, after } = planTrimming(graph);
        const margins = new Map<string, number>();
        /** What is left of a value after a crop, which must fit it. */
        const follow = (
          margin: number,
          scale: number,
          crop: { from: number; to: number } | null | undefined,
        ): number => {
          if (crop == null) return margin;
          expect(areas[crop.from]).toEqual({ marginPx: margin, scale });
          expect(areas[crop.to]?.scale).toBe(scale);
          const left = areas[crop.to]?.marginPx ?? NaN;
          expect(left).toBeLessThan(margin);
          return left;
        };
        for (const { name, inputs } of liveNodes(graph)) {
          const read = inputs.map((input, index) =>
            follow(margins.get(input) ?? NaN, formOfNode(forms, input).scale, before.get(name)?.[index]),
          );
          expect(new Set(read).size).toBeLessThanOrEqual(1);
          const margin = follow(read[0] ?? inputMarginPx(graph), formOfNode(forms, name).scale, after.get(name));
          expect(margin).toBeGreaterThanOrEqual(needs.get(name) ?? NaN);
          margins.set(name, margin);
        }
        expect(margins.get(graph.output)).toBe(0);
      }),
      { numRuns: 60 },
    );
  });

  it("begins with all that the network sees, and trims to whole pixels of the smallest value", () => {
    fc.assert(
      fc.property(networkPlans, (plan) => {
        const graph = foldGraph(buildNetworkGraph(plan));
        const { areas } = planTrimming(graph);
        expect(areas[0]).toEqual({ marginPx: inputMarginPx(graph), scale: 1 });
        const block = scaleOfPlan(plan);
        expect(largestScale(graph)).toBe(block);
        for (const { marginPx, scale } of areas) {
          expect(marginPx % block).toBe(0);
          expect([1, 2, 4, 8].filter((each) => each <= block)).toContain(scale);
        }
      }),
      { numRuns: 60 },
    );
  });

  it("shrinks from layer to layer, down to what the decoder needs", () => {
    const chain = uniformGenotype("conv_3x3", [0, 0, 0]);
    const areasOf = (unshuffle: 1 | 2) =>
      planTrimming(foldGraph(buildNetworkGraph(planNetwork(chain, { unshuffle })))).areas;
    expect(areasOf(1).map(({ marginPx }) => marginPx)).toEqual([8, 6, 5, 4, 3, 0]);
    expect(areasOf(2).flatMap(({ marginPx, scale }) => (scale === 2 ? [marginPx] : []))).toEqual([16, 12, 10, 8, 6]);
  });
});
