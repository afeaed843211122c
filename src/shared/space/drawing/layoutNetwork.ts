import { type EdgeLabel, Graph, type GraphLabel, layout, type NodeLabel } from "@dagrejs/dagre";

import type { Box } from "./cellLayout.ts";
import type { NetworkBoxes, NetworkLine } from "./networkBoxes.ts";
import type { Point } from "./svg.ts";

/** Where everything of a network's drawing stands, from 0 to `width` and `height`. */
export interface NetworkLayout {
  readonly width: number;
  readonly height: number;
  readonly boxes: ReadonlyMap<string, Box>;
  readonly lines: readonly (NetworkLine & { readonly points: readonly Point[] })[];
  /** The frame around each part, in the order of the network. */
  readonly parts: readonly (Box & { readonly name: string })[];
}

/** In pixels: a box holds three lines of small print, and a part's frame has room for its name. */
export const NETWORK_BOX = { width: 176, height: 58 } as const;
const PART_MARGIN = 12;
const PART_HEAD = 50;
const COLUMN_GAP = 44;
const BOX_GAP = 22;

/** Lays a network out from left to right, its parts one after the other in frames of their own. */
export function layoutNetwork({ boxes, lines }: NetworkBoxes): NetworkLayout {
  const graph = new Graph<GraphLabel, NodeLabel, EdgeLabel>({ multigraph: true });
  graph.setGraph({
    rankdir: "LR",
    ranksep: COLUMN_GAP,
    nodesep: BOX_GAP,
    marginx: PART_MARGIN,
    marginy: PART_MARGIN + PART_HEAD,
  });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const { name } of boxes) graph.setNode(name, { ...NETWORK_BOX });
  for (const { from, to, input } of lines) graph.setEdge(from, to, {}, String(input));
  layout(graph);
  const placed = new Map(boxes.map(({ name }): [string, Box] => [name, boxIn(graph.node(name))]));
  const parts = [...new Set(boxes.map(({ part }) => part))].map((part) => {
    const own = boxes.filter((box) => box.part === part).flatMap(({ name }) => placed.get(name) ?? []);
    return { name: part, ...frameAround(own) };
  });
  const { width = 0, height = 0 } = graph.graph(); // an empty network has no size
  return {
    width,
    height,
    boxes: placed,
    lines: lines.map((line) => ({
      ...line,
      points: graph.edge({ v: line.from, w: line.to, name: String(line.input) }).points ?? [], // always laid out
    })),
    parts,
  };
}

function boxIn({ x = 0, y = 0 }: NodeLabel): Box {
  const { width, height } = NETWORK_BOX;
  return { x: x - width / 2, y: y - height / 2, width, height };
}

function frameAround(boxes: readonly Box[]): Box {
  const left = Math.min(...boxes.map(({ x }) => x)) - PART_MARGIN;
  const top = Math.min(...boxes.map(({ y }) => y)) - PART_HEAD;
  const right = Math.max(...boxes.map(({ x, width }) => x + width)) + PART_MARGIN;
  const bottom = Math.max(...boxes.map(({ y, height }) => y + height)) + PART_MARGIN;
  return { x: left, y: top, width: right - left, height: bottom - top };
}
