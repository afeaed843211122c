import {
  asFilter,
  formOfNode,
  type GraphNode,
  largestScale,
  liveNodes,
  type NetworkGraph,
  valueForms,
} from "./networkGraph.ts";

/** Returns how far outside the wanted pixels a network must read its input, in pixels on each side. */
export function inputMarginPx(graph: NetworkGraph): number {
  const needs = neededMargins(graph);
  const inputs = liveNodes(graph).filter(({ kind }) => kind === "input");
  return Math.max(...inputs.map(({ name }) => marginOf(needs, name)));
}

/** Returns the side in pixels of the square of input that one output pixel can see. */
export function receptiveFieldPx(graph: NetworkGraph): number {
  return 2 * inputMarginPx(graph) + largestScale(graph);
}

/** How far outside the wanted pixels each value is read, in pixels of the input; absent for what nobody reads. */
export function neededMargins(graph: NetworkGraph): ReadonlyMap<string, number> {
  const forms = valueForms(graph);
  const block = largestScale(graph);
  const needs = new Map([[graph.output, 0]]);
  for (const node of liveNodes(graph).reverse()) {
    // Tiles begin at whole pixels of the smallest value, so margins are rounded up to them.
    for (const [index, input] of node.inputs.entries()) {
      const own = marginOf(needs, node.name) + reachOf(node, index) * formOfNode(forms, node.name).scale;
      const margin = Math.ceil(own / block) * block;
      needs.set(input, Math.max(needs.get(input) ?? 0, margin));
    }
  }
  return needs;
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
