import { at } from "#shared/at.ts";

import type { EdgeCertainty } from "./certainty.ts";
import type { Genotype } from "./genotype.ts";

/**
 * Returns the genotype as if every node kept all edges that it may have, each with its strongest primitive `[layers, edges]`.
 * It is a picture of a search and no architecture.
 */
export function withAllEdges(genotype: Genotype, certainties: readonly (readonly EdgeCertainty[])[]): Genotype {
  const cells = genotype.cells.map(({ nodes }, layer) => ({
    nodes: nodes.map((_, node) =>
      at(certainties, layer, "layers")
        .filter(({ to }) => to === `node_${node}`)
        .map(({ from, winner }) => ({ from, primitive: winner })),
    ),
  }));
  return { ...genotype, cells };
}
