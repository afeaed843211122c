import { flatten } from "./flatten.ts";
import type { MotifGenotype } from "./genotype.ts";

/** Says in one line per motif what leads from node to node, and how large the flat cell is. */
export function explain(genotype: MotifGenotype): string[] {
  const { levels, cells } = genotype;
  const motifs = levels.flatMap((level, index) =>
    level.map(({ edges }, motif) => {
      const name = index === levels.length - 1 ? "the cell" : `motif_${motif}`;
      return `level ${index + 2}, ${name}: ${edges.map(({ from, to, op }) => `${from}→${to} ${op}`).join(", ")}`;
    }),
  );
  const { nodes, edges } = flatten(genotype);
  return [...motifs, `${cells} ${cells === 1 ? "cell" : "cells"} of ${nodes.length} nodes and ${edges.length} edges`];
}
