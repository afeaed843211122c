/** A state inside a cell by name: `s1` is the layer before the previous one, `s0` the previous layer, then the nodes. */
export type StateName = "s1" | "s0" | `node_${number}`;

/** States of a cell that exist before its first node: the layer before the previous one, and the previous layer. */
export const CELL_INPUTS = ["s1", "s0"] as const;

/** An edge of the cell graph by the names of its two ends. */
export interface CellEdge {
  readonly from: StateName;
  readonly to: StateName;
}

/** Returns the states of a cell in order: `s1`, `s0`, `node_0`, ... [2 + nodes]. */
export function stateNames(nodes: number): StateName[] {
  return Array.from({ length: CELL_INPUTS.length + nodes }, (_, index) => stateName(index));
}

/** Names the state at `index` (0 is `s1`, 1 is `s0`, 2 is `node_0`). */
export function stateName(index: number): StateName {
  return CELL_INPUTS[index] ?? `node_${index - CELL_INPUTS.length}`;
}

/** Returns the index of a state in the order of `stateNames`. */
export function stateIndex(name: StateName): number {
  if (name === "s1") return 0;
  if (name === "s0") return 1;
  return CELL_INPUTS.length + Number(name.slice("node_".length));
}

/** Counts the edges into node `node`: it reads every state before it. */
export function incomingEdgeCount(node: number): number {
  return CELL_INPUTS.length + node;
}

/** Counts the edges of a cell with `nodes` nodes: n (n + 3) / 2. */
export function edgeCount(nodes: number): number {
  return (nodes * (nodes + 3)) / 2;
}

/** Returns how many nodes a cell with `edges` edges has, or null where no cell has that many. */
export function nodeCountOf(edges: number): number | null {
  const nodes = Math.round((Math.sqrt(9 + 8 * edges) - 3) / 2);
  return nodes >= 1 && edgeCount(nodes) === edges ? nodes : null;
}

/** Returns how many nodes a cell with `edges` edges has. Throws where no cell has that many: logits are checked before. */
export function countNodes(edges: number): number {
  const nodes = nodeCountOf(edges);
  if (nodes === null) throw new Error(`cell: a number of edges must be 2, 5, 9, 14, ..., got ${edges}`);
  return nodes;
}

/** Lists the edges of a cell in their order everywhere: by node, then by the state they read [n (n + 3) / 2]. */
export function edgesOf(nodes: number): CellEdge[] {
  const states = stateNames(nodes);
  return Array.from({ length: nodes }, (_, node) =>
    states.slice(0, incomingEdgeCount(node)).map((from): CellEdge => ({ from, to: `node_${node}` })),
  ).flat();
}
