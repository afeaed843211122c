import {
  asFilter,
  formOfNode,
  type GraphNode,
  largestScale,
  liveNodes,
  type NetworkGraph,
  valueForms,
} from "./networkGraph.ts";

/** Returns how far outside the wanted pixels a network's tiles begin, in pixels on each side: as far as it sees, in whole blocks. */
export function inputMarginPx(graph: NetworkGraph): number {
  return toBlocks(graph, inputReachPx(graph));
}

/** Returns the side in pixels of the square of input that the output pixels of one block can see. */
export function receptiveFieldPx(graph: NetworkGraph): number {
  return 2 * inputReachPx(graph) + largestScale(graph);
}

/** Rounds a margin up to whole pixels of the smallest value, at which tiles begin. */
export function toBlocks(graph: NetworkGraph, marginPx: number): number {
  const block = largestScale(graph);
  return Math.ceil(marginPx / block) * block;
}

/**
 * How far outside wanted blocks each value is read, in pixels of the input and whole pixels of its own; absent for what nobody
 * reads.
 */
export function neededMargins(graph: NetworkGraph): ReadonlyMap<string, number> {
  const forms = valueForms(graph);
  const needs = new Map([[graph.output, 0]]);
  for (const node of liveNodes(graph).reverse()) {
    for (const [index, input] of node.inputs.entries()) {
      const own = marginOf(needs, node.name) + reachOf(node, index) * formOfNode(forms, node.name).scale;
      const { scale } = formOfNode(forms, input);
      needs.set(input, Math.max(needs.get(input) ?? 0, Math.ceil(own / scale) * scale));
    }
  }
  return needs;
}

function inputReachPx(graph: NetworkGraph): number {
  const needs = neededMargins(graph);
  const inputs = liveNodes(graph).filter(({ kind }) => kind === "input");
  return Math.max(...inputs.map(({ name }) => marginOf(needs, name)));
}

/** Looks up the margin of a value that the output needs. */
export function marginOf(needs: ReadonlyMap<string, number>, name: string): number {
  const margin = needs.get(name);
  if (margin === undefined) throw new Error(`reach: the output does not need ${name}`);
  return margin;
}

/** How many pixels of its own scale a node looks around in one of its inputs, on each side. */
function reachOf(node: GraphNode, input: number): number {
  // It reads the pixels next to its own in a value whose pixels are twice as large.
  if (node.kind === "enlarge") return 2;
  const filter = asFilter(node);
  if (filter === null) return 0;
  const still = ((filter.side - 1) / 2) * filter.dilation;
  if (filter.kind !== "deformable") return still;
  // Where its taps go is read at the pixel itself.
  return input === 0 ? still + filter.limitPx : 0;
}
