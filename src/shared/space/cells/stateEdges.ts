import { at } from "#shared/at.ts";

import { incomingEdgeCount, stateName, type StateName } from "./cellGraph.ts";

/** The edges that leave one state, in the order of the nodes they reach. */
export interface StateEdges {
  readonly from: StateName;
  /** Rows of alpha, one per edge. */
  readonly edges: readonly number[];
  /** The nodes reached, ascending. */
  readonly nodes: readonly number[];
}

/** Groups the edges of a cell by the state they leave; the last node feeds no other and is left out. */
export function edgesByState(nodes: number): StateEdges[] {
  const firstEdge = firstEdges(nodes);
  return Array.from({ length: nodes + 1 }, (_, state) => {
    const firstNode = Math.max(0, state - 1);
    const reached = Array.from({ length: nodes - firstNode }, (_, index) => firstNode + index);
    return {
      from: stateName(state),
      nodes: reached,
      edges: reached.map((node) => at(firstEdge, node, "first edges") + state),
    };
  });
}

/** The row of alpha at which each node's edges begin. */
function firstEdges(nodes: number): number[] {
  const first = [0];
  for (let node = 0; node < nodes; node++) {
    first.push(at(first, node, "first edges") + incomingEdgeCount(node));
  }
  return first;
}
