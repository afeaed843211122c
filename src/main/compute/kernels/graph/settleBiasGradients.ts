import { constantOf } from "./graphBuilder.ts";
import { FLOAT, INT32 } from "./savedModel.ts";
import type { GraphNode } from "./savedModel.ts";

/** The pixels of `[B, H, W, C]`: all but the channels. */
const PIXEL_AXES = Int32Array.of(0, 1, 2);
const AXES_NODE = "PixelAxes";

/**
 * Returns the nodes with those bias gradients as sums over the pixels whose dy several filter gradients read. On processors
 * TensorFlow computes a bias gradient together with a filter gradient of the same dy. Where it has the choice, addresses in
 * memory decide, and the last bits of a run would depend on them.
 */
export function settleBiasGradients(nodes: readonly GraphNode[]): readonly GraphNode[] {
  const readers = new Map<string, number>();
  for (const { op, input } of nodes) {
    const dy = op === "Conv2DBackpropFilter" ? input[2] : undefined;
    if (dy !== undefined) readers.set(dy, (readers.get(dy) ?? 0) + 1);
  }
  const isOpen = ({ op, input: [dy] }: GraphNode): boolean =>
    op === "BiasAddGrad" && dy !== undefined && (readers.get(dy) ?? 0) > 1;
  if (!nodes.some(isOpen)) return nodes;
  const axes = { name: AXES_NODE, op: "Const", input: [], attr: constantOf(INT32, PIXEL_AXES, [PIXEL_AXES.length]) };
  return [axes, ...nodes.map((node) => (isOpen(node) ? toSum(node) : node))];
}

function toSum({ name, input: [dy = "", ...waits] }: GraphNode): GraphNode {
  const attr = { T: { type: FLOAT }, Tidx: { type: INT32 }, keep_dims: { b: false } };
  return { name, op: "Sum", input: [dy, AXES_NODE, ...waits], attr };
}
