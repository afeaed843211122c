import { type EdgeLabel, Graph, type GraphLabel, layout, type NodeLabel } from "@dagrejs/dagre";

import { CELL_INPUTS, stateNames } from "#shared/space/cells/cellGraph.ts";
import type { StateName } from "#shared/space/cells/cellGraph.ts";
import type { GenotypeCell } from "#shared/space/cells/genotype.ts";

import type { Point } from "./svg.ts";

/** A rectangle by its top left corner. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** The room in pixels that an end of a cell (input, output) and a node with its ops need. */
export interface CellSizes {
  readonly end: { readonly width: number; readonly height: number };
  readonly node: { readonly width: number; readonly height: number };
}

/** Where the parts of a cell go, from 0 to `width` and `height`. A node's box holds its ops on the left, too. */
export interface CellLayout {
  readonly width: number;
  readonly height: number;
  readonly output: Box;
  readonly boxOf: (state: StateName) => Box;
  /** Turning points of the line between two boxes, without its ends; empty where they are neighbours. */
  readonly routeOf: (from: StateName, to: StateName | "output") => readonly Point[];
}

/** Gaps in pixels: between columns (room for the bends of lines), between boxes, and between lines. */
const COLUMN_GAP = 64;
const BOX_GAP = 24;
const LINE_GAP = 18;

/** An invisible box before both inputs that holds them in the first column. */
const ANCHOR = "anchor";
const OUTPUT = "output" as const;

type DagreGraph = Graph<GraphLabel, NodeLabel, EdgeLabel>;

/** Lays a cell out from left to right (inputs, nodes by what they read, output) with lines that pass between boxes. */
export function layoutCell(nodes: GenotypeCell["nodes"], sizes: CellSizes): CellLayout {
  const graph = buildGraph(nodes, sizes);
  layout(graph, { constraints: [{ left: "s1", right: "s0" }] });
  const names = [...stateNames(nodes.length), OUTPUT];
  const boxes = new Map<string, Box>(names.map((name) => [name, boxIn(graph, name)]));
  const all = [...boxes.values()];
  const routes = new Map(
    linesOf(nodes).map(({ from, to }) => [`${from} ${to}`, levelPoints(pointsOf(graph, from, to), all)]),
  );
  const edgesOfBoxes = all.flatMap(({ x, y, width, height }) => [
    { x, y },
    { x: x + width, y: y + height },
  ]);
  const extent = [...edgesOfBoxes, ...[...routes.values()].flat()];
  const [left, top] = [Math.min(...extent.map(({ x }) => x)), Math.min(...extent.map(({ y }) => y))];
  const place = <T extends Point>(thing: T): T => ({ ...thing, x: thing.x - left, y: thing.y - top });
  const boxOf = (name: string): Box => {
    const box = boxes.get(name);
    if (box === undefined) throw new RangeError(`layoutCell: a state must be one of ${names.join(", ")}, got ${name}`);
    return place(box);
  };
  return {
    width: Math.max(...extent.map(({ x }) => x)) - left,
    height: Math.max(...extent.map(({ y }) => y)) - top,
    output: boxOf(OUTPUT),
    boxOf,
    routeOf: (from, to) => routeIn(routes, from, to).map(place),
  };
}

function pointsOf(graph: DagreGraph, from: string, to: string): readonly Point[] {
  const { points } = graph.edge(from, to);
  if (points === undefined) throw new Error(`layoutCell: the line from ${from} to ${to} was not laid out`);
  return points;
}

function routeIn(routes: ReadonlyMap<string, readonly Point[]>, from: string, to: string): readonly Point[] {
  const route = routes.get(`${from} ${to}`);
  if (route === undefined) throw new RangeError(`layoutCell: there is no line from ${from} to ${to}`);
  return route;
}

function linesOf(nodes: GenotypeCell["nodes"]): { from: StateName; to: StateName | typeof OUTPUT }[] {
  return nodes.flatMap((edges, node) => [
    ...edges.map(({ from }) => ({ from, to: `node_${node}` as const })),
    { from: `node_${node}` as const, to: OUTPUT },
  ]);
}

function buildGraph(nodes: GenotypeCell["nodes"], sizes: CellSizes): DagreGraph {
  const graph: DagreGraph = new Graph();
  graph.setGraph({ rankdir: "LR", ranksep: COLUMN_GAP, nodesep: BOX_GAP, edgesep: LINE_GAP });
  graph.setNode(ANCHOR, { width: 0, height: 0 });
  for (const name of CELL_INPUTS) {
    graph.setNode(name, { ...sizes.end });
    graph.setEdge(ANCHOR, name, { weight: 100 });
  }
  for (const node of nodes.keys()) graph.setNode(`node_${node}`, { ...sizes.node });
  graph.setNode(OUTPUT, { ...sizes.end });
  for (const { from, to } of linesOf(nodes)) graph.setEdge(from, to, { weight: to === OUTPUT ? 1 : 2 });
  return graph;
}

/** Dagre bends a line at the centre of each column it passes; here it passes the whole column level and bends between columns. */
function levelPoints(points: readonly Point[], boxes: readonly Box[]): Point[] {
  return points.slice(1, -1).flatMap(({ x, y }) => {
    const halfWidths = boxes.filter((box) => Math.abs(box.x + box.width / 2 - x) < 1).map(({ width }) => width / 2);
    const halfWidth = Math.max(0, ...halfWidths);
    return halfWidth === 0
      ? []
      : [
          { x: x - halfWidth, y },
          { x: x + halfWidth, y },
        ];
  });
}

/** Dagre gives centres. */
function boxIn(graph: DagreGraph, name: string): Box {
  const { x = 0, y = 0, width, height } = graph.node(name);
  return { x: x - width / 2, y: y - height / 2, width, height };
}
