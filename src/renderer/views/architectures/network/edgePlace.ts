import type { Genotype } from "#shared/space/cells/genotype.ts";

/** An edge of a genotype's cell. */
export interface EdgePlace {
  readonly layer: number;
  readonly node: number;
  readonly edge: number;
}

/** Finds the edge that an op's node stands for by its name, `layer_0.op_3.conv`; null for what is no part of a cell's edge. */
export function findEdgeOfOp(genotype: Genotype, name: string): EdgePlace | null {
  const [, layer, op] = /^layer_(\d+)\.op_(\d+)\./.exec(name) ?? [];
  if (layer === undefined || op === undefined) return null;
  let first = 0;
  for (const [node, edges] of (genotype.cells[Number(layer)]?.nodes ?? []).entries()) {
    if (Number(op) < first + edges.length) return { layer: Number(layer), node, edge: Number(op) - first };
    first += edges.length;
  }
  return null;
}

/** Finds the edge that a line into a cell's node stands for, `layer_0.node_2` and its input 1; edges of noise have no line. */
export function findEdgeOfLine(genotype: Genotype, to: string, input: number): EdgePlace | null {
  const [, layer, node] = /^layer_(\d+)\.node_(\d+)$/.exec(to) ?? [];
  if (layer === undefined || node === undefined) return null;
  const edges = genotype.cells[Number(layer)]?.nodes[Number(node)] ?? [];
  const drawn = edges.flatMap(({ primitive }, edge) => (primitive === "noise" ? [] : [edge]));
  const edge = drawn[input];
  return edge === undefined ? null : { layer: Number(layer), node: Number(node), edge };
}

/** Whether two places are the same edge. */
export function isSameEdge(a: EdgePlace | null, b: EdgePlace | null): boolean {
  return a !== null && b !== null && a.layer === b.layer && a.node === b.node && a.edge === b.edge;
}
