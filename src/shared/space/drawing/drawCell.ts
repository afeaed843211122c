import { at } from "#shared/at.ts";
import { CELL_INPUTS } from "#shared/space/cells/cellGraph.ts";
import type { StateName } from "#shared/space/cells/cellGraph.ts";
import type { Genotype, GenotypeEdge } from "#shared/space/cells/genotype.ts";
import { placesOf } from "#shared/space/spaces/scales/places.ts";

import { type Box, type CellLayout, layoutCell } from "./cellLayout.ts";
import {
  drawEdge,
  drawEnd,
  drawLabel,
  drawNode,
  drawPlainLine,
  type EdgeLook,
  LABEL,
  NODE_SIZE,
  PLAIN_LOOK,
} from "./cellParts.ts";
import type { Fragment, Point } from "./svg.ts";
import type { Theme } from "./theme.ts";

const END = { width: 78, height: 44 };
const LABEL_GAP = 10;
/** Room between the ops of a node and its circle, where their lines meet. */
const JOIN_WIDTH = 24;

/** A kept edge, and where its line meets the name of its primitive. */
interface PlacedEdge {
  readonly edge: GenotypeEdge;
  readonly node: number;
  readonly line: readonly Point[];
  readonly entry: Point;
}

/** Tells how an edge of a node is drawn; null leaves it out, and its room empty. */
export type LookOfEdge = (edge: GenotypeEdge, node: number) => EdgeLook | null;

/**
 * Draws the cell of layer `layer` as its forward pass runs: s1 (the layer before the previous one) and s0 on the left.
 * Edges look as told, and all the same where nothing is told.
 */
export function drawCell(genotype: Genotype, layer: number, theme: Theme, lookOf?: LookOfEdge): Fragment {
  const nodes = genotype.cells[layer]?.nodes;
  if (nodes === undefined) {
    throw new RangeError(`drawCell: layer must be below ${genotype.cells.length}, got ${layer}`);
  }
  const rows = Math.max(...nodes.map((edges) => edges.length));
  const layout = layoutCell(nodes, {
    end: END,
    node: {
      width: LABEL.width + JOIN_WIDTH + NODE_SIZE,
      height: Math.max(NODE_SIZE, rows * (LABEL.height + LABEL_GAP) - LABEL_GAP),
    },
  });
  const placed = nodes
    .flatMap((edges, node) => placeEdges(edges, node, layout))
    .map((place) => ({ ...place, look: lookOf === undefined ? PLAIN_LOOK : lookOf(place.edge, place.node) }));
  const concat = nodes.map((_, node) => {
    const points = [exitOf(layout, `node_${node}`), ...layout.routeOf(`node_${node}`, "output"), leftOf(layout.output)];
    return drawPlainLine(points, theme);
  });
  const markup = [
    ...concat,
    ...placed.map(({ edge, line, look }) => (look === null ? "" : drawEdge(edge.primitive, line, theme, look))),
    ...placed.map(({ edge, entry, look }) => (look === null ? "" : drawLabel(edge.primitive, entry, theme, look))),
    ...CELL_INPUTS.map((name) => drawEnd(name, sourceText(genotype, name, layer), layout.boxOf(name), theme)),
    ...nodes.map((_, node) => drawNode(node, layout.boxOf(`node_${node}`), theme)),
    drawEnd("concat", nodes.length === 1 ? "1 node" : `${nodes.length} nodes`, layout.output, theme),
  ];
  return { markup: markup.join(""), width: layout.width, height: layout.height };
}

/** Stacks the ops of a node in the order in which their lines arrive, so that these do not cross. */
function placeEdges(edges: readonly GenotypeEdge[], node: number, layout: CellLayout): PlacedEdge[] {
  const name: StateName = `node_${node}`;
  const to = layout.boxOf(name);
  const circle = { x: to.x + to.width - NODE_SIZE, y: to.y + to.height / 2 };
  const arriving = edges.map((edge) => ({
    edge,
    points: [exitOf(layout, edge.from), ...layout.routeOf(edge.from, name)],
  }));
  arriving.sort((a, b) => lastHeight(a.points) - lastHeight(b.points));
  const top = circle.y - ((edges.length - 1) * (LABEL.height + LABEL_GAP)) / 2;
  return arriving.map(({ edge, points }, row) => {
    const entry = { x: to.x, y: top + row * (LABEL.height + LABEL_GAP) };
    const line = [...points, entry, { x: entry.x + LABEL.width, y: entry.y }, circle];
    return { edge, node, line, entry };
  });
}

/** Says in words what an input of a layer is; the stem stands in for layers that do not exist. On a U all read the stream. */
function sourceText({ schema, cells }: Genotype, input: (typeof CELL_INPUTS)[number], layer: number): string {
  if (schema === "hinas.scales") {
    const { joins } = at(placesOf(cells.length), layer, "places");
    return input === "s0" || joins === null ? "stream" : `place ${joins}`;
  }
  const source = layer - (input === "s0" ? 1 : 2);
  if (source >= 0) return `layer ${source}`;
  return source === -1 ? "stem 2" : "stem 1";
}

function exitOf(layout: CellLayout, name: StateName): Point {
  const box = layout.boxOf(name);
  return { x: box.x + box.width, y: box.y + box.height / 2 };
}

function leftOf(box: Box): Point {
  return { x: box.x, y: box.y + box.height / 2 };
}

function lastHeight(points: readonly Point[]): number {
  return at(points, points.length - 1, "points of a line").y;
}
