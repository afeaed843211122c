import { LabError } from "#shared/labError.ts";

import { type Genotype, type GenotypeCell, inFixedOrder, parseGenotype } from "./genotype.ts";
import type { Primitive } from "./primitives.ts";

/** One change: what the kept edge `edge` (0 or 1) of a node reads and computes, or the width level of a layer. */
export type Edit =
  | {
      readonly kind: "edge";
      readonly layer: number;
      readonly node: number;
      readonly edge: number;
      readonly from: string;
      readonly primitive: Primitive;
    }
  | { readonly kind: "width"; readonly layer: number; readonly level: number };

/**
 * Makes a genotype with one change, and says in words what changed. Throws LabError `bad_genotype` for a place that is not
 * there, for a change that no cell graph or width trellis allows, and for one that changes nothing.
 */
export function editGenotype(genotype: Genotype, edit: Edit): { readonly genotype: Genotype; readonly change: string } {
  const { draft, change } = edit.kind === "edge" ? editEdge(genotype, edit) : editWidth(genotype, edit);
  const edited = parseGenotype(draft, "edit");
  if (JSON.stringify(inFixedOrder(edited)) === JSON.stringify(inFixedOrder(genotype))) {
    throw new LabError("bad_genotype", `the edit must change something, got ${change}`);
  }
  return { genotype: edited, change };
}

/** What is not a genotype yet: the edit may have made it impossible. */
interface Draft {
  readonly draft: unknown;
  readonly change: string;
}

function editEdge(genotype: Genotype, edit: Extract<Edit, { kind: "edge" }>): Draft {
  const { layer, node, edge, from, primitive } = edit;
  const before = genotype.cells[layer]?.nodes[node]?.[edge];
  const place = `layer ${layer}, node_${node}, edge ${edge}`;
  if (before === undefined)
    throw new LabError("bad_genotype", `the edit must name an edge that is there, got ${place}`);
  const cells = genotype.cells.map((cell, l) =>
    l === layer ? replaceEdge(cell, { node, edge, with: { from, primitive } }) : cell,
  );
  const change = `${place}: ${before.primitive} of ${before.from} becomes ${primitive} of ${from}`;
  return { draft: { ...genotype, cells }, change };
}

function replaceEdge(
  { nodes }: GenotypeCell,
  place: { readonly node: number; readonly edge: number; readonly with: object },
): object {
  const replaced = nodes.map((edges, n) =>
    n === place.node ? edges.map((edge, e) => (e === place.edge ? place.with : edge)) : edges,
  );
  return { nodes: replaced };
}

function editWidth(genotype: Genotype, { layer, level }: Extract<Edit, { kind: "width" }>): Draft {
  const { widthPath, widthFactors } = genotype;
  const before = widthPath[layer];
  if (before === undefined)
    throw new LabError("bad_genotype", `the edit must name a layer that is there, got ${layer}`);
  const factorOf = (each: number): string => `x${widthFactors[each] ?? `level ${each}`}`;
  const change = `layer ${layer}: width ${factorOf(before)} becomes ${factorOf(level)}`;
  return { draft: { ...genotype, widthPath: widthPath.map((each, l) => (l === layer ? level : each)) }, change };
}
