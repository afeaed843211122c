import { describe, expect, it } from "vitest";

import {
  countNodes,
  edgeCount,
  edgesOf,
  incomingEdgeCount,
  nodeCountOf,
  stateIndex,
  stateNames,
} from "#shared/space/cells/cellGraph.ts";

describe("cell graph", () => {
  it("orders the layer before the previous one, the previous layer, then the nodes", () => {
    expect(stateNames(3)).toEqual(["s1", "s0", "node_0", "node_1", "node_2"]);
  });

  it("finds the index of every state by its name", () => {
    const names = stateNames(12);
    expect(names.map(stateIndex)).toEqual(names.map((_, index) => index));
  });

  it("lists edges by node and then by the state they read", () => {
    expect(edgesOf(2)).toEqual([
      { from: "s1", to: "node_0" },
      { from: "s0", to: "node_0" },
      { from: "s1", to: "node_1" },
      { from: "s0", to: "node_1" },
      { from: "node_0", to: "node_1" },
    ]);
  });

  it("counts as many edges as it lists, and 14 and 20 for the cells of the papers", () => {
    for (let nodes = 1; nodes <= 12; nodes++) {
      expect(edgesOf(nodes)).toHaveLength(edgeCount(nodes));
      expect(edgesOf(nodes).filter(({ to }) => to === `node_${nodes - 1}`)).toHaveLength(incomingEdgeCount(nodes - 1));
    }
    expect([edgeCount(4), edgeCount(5)]).toEqual([14, 20]);
  });

  it("tells the number of nodes from the number of edges, or that no cell has so many", () => {
    expect([0, 1, 2, 3, 5, 9, 10, 14, 20, 90].map(nodeCountOf)).toEqual([null, null, 1, null, 2, 3, null, 4, 5, 12]);
    expect([2, 14].map(countNodes)).toEqual([1, 4]);
    expect(() => countNodes(3)).toThrow("must be 2, 5, 9, 14, ..., got 3");
  });
});
