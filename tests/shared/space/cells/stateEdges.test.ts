import { describe, expect, it } from "vitest";

import { edgesOf } from "#shared/space/cells/cellGraph.ts";
import { edgesByState } from "#shared/space/cells/stateEdges.ts";

describe("edgesByState", () => {
  it("lists by hand what leaves each state of a cell with two nodes", () => {
    expect(edgesByState(2)).toEqual([
      { from: "s1", nodes: [0, 1], edges: [0, 2] },
      { from: "s0", nodes: [0, 1], edges: [1, 3] },
      { from: "node_0", nodes: [1], edges: [4] },
    ]);
  });

  it.each([1, 2, 3, 4, 5, 12])("groups every edge of a cell with %d nodes once, under the state it reads", (nodes) => {
    const regrouped = edgesByState(nodes).flatMap(({ from, edges, nodes: reached }) =>
      edges.map((edge, index) => ({ edge, from, to: `node_${String(reached[index])}` })),
    );
    const inOrder = regrouped.toSorted((a, b) => a.edge - b.edge);
    expect(inOrder).toEqual(edgesOf(nodes).map((edge, index) => ({ edge: index, ...edge })));
  });
});
