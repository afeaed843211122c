import { at } from "#shared/at.ts";
import { isPrimitive, type Primitive } from "#shared/space/cells/primitives.ts";

import { type Motif, type MotifGenotype, type MotifOp, motifOf } from "./genotype.ts";

/** An edge of a flat cell, named by the edges that it lies in: `0_2.0_1` is edge 0 to 1 of the motif on edge 0 to 2. */
export interface FlatEdge {
  readonly name: string;
  readonly from: string;
  readonly to: string;
  readonly primitive: Primitive;
}

/** A cell without levels: its nodes by name, each after those that it reads, and its edges by the node that they reach. */
export interface FlatCell {
  readonly nodes: readonly string[];
  readonly edges: readonly FlatEdge[];
}

/**
 * Takes a hierarchy apart into nodes and primitives. A node joins what reaches it side by side, and to join what was joined is to
 * join all of it (Liu et al. 2018, section 2): the first and the last node of a motif are therefore the ends of the edge that
 * carries it, and each copy of a motif has its own nodes between them, `0_2.1` on the edge from 0 to 2.
 */
export function flatten({ levels }: MotifGenotype): FlatCell {
  const nodes: string[] = [];
  const edges: FlatEdge[] = [];

  /** Adds a motif's inner nodes and all its edges; the last node is the caller's. */
  const assemble = (level: number, { nodes: count, edges: own }: Motif, place: Place): void => {
    const names = Array.from({ length: count }, (_, node) =>
      node === 0 ? place.from : node === count - 1 ? place.to : `${place.prefix}${node}`,
    );
    for (const [node, name] of names.entries()) {
      for (const { from, op } of own.filter((edge) => edge.to === node)) {
        const edge = `${place.prefix}${from}_${node}`;
        put(level, op, { name: edge, prefix: `${edge}.`, from: at(names, from, "nodes"), to: name });
      }
      if (node > 0 && node < count - 1) nodes.push(name);
    }
  };
  const put = (level: number, op: MotifOp, { name, ...place }: Place & { readonly name: string }): void => {
    if (isPrimitive(op)) edges.push({ name, from: place.from, to: place.to, primitive: op });
    else assemble(level - 1, motifOf(at(levels, level - 1, "levels"), op), place);
  };

  const top = levels.length - 1;
  const cell = at(at(levels, top, "levels"), 0, "motifs of the last level");
  const [first, last] = ["0", String(cell.nodes - 1)];
  nodes.push(first);
  assemble(top, cell, { prefix: "", from: first, to: last });
  nodes.push(last);
  return { nodes, edges };
}

/** Where a motif goes: the nodes at its ends, and what begins the names inside it. */
interface Place {
  readonly prefix: string;
  readonly from: string;
  readonly to: string;
}
