import type { NetworkBox } from "#shared/space/drawing/networkBoxes.ts";
import { asFilter, type GraphNode } from "#shared/space/graph/networkGraph.ts";
import { formatCount } from "#renderer/format/numbers.ts";
import { texts } from "#renderer/texts/texts.ts";

const words = texts.architectures.network;

/** Says what a node computes, `conv 3×3, dilation 2` or `add`. */
export function toKindWords(node: GraphNode): string {
  const filter = asFilter(node);
  const kind = words.kinds[node.kind];
  return filter === null ? kind : words.filter(kind, filter.side, filter.dilation);
}

/** Says what a box computes after its first node, `norm · leaky ReLU`; empty where there is nothing. */
export function toFollowerWords({ nodes }: NetworkBox): string {
  return nodes.slice(1).map(toKindWords).join(" · ");
}

/** Says what has the size of a box's result, `H × W × 40`. */
export function toShapeWords({ channels, scale }: NetworkBox): string {
  return words.shape(channels, scale);
}

/** Says what something costs, a line for each: parameters, and multiply-adds per pixel. */
export function toCostLines(cost: Pick<NetworkBox, "parameters" | "multiplyAddsPerPixel">): readonly string[] {
  return [
    words.parametersOf(formatCount(cost.parameters)),
    words.multiplyAddsOf(formatCount(cost.multiplyAddsPerPixel)),
  ];
}

/** Names a part of a network, `layer 2` or `decoder`. */
export function toPartName(name: string): string {
  const layer = /^layer_(\d+)$/.exec(name)?.[1];
  return layer === undefined ? (texts.architectures.parts[name] ?? name) : texts.cockpit.layer(Number(layer));
}
