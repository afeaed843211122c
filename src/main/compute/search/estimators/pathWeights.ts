import { edgesOf, stateIndex } from "#shared/space/cells/cellGraph.ts";
import type { Genotype } from "#shared/space/cells/genotype.ts";
import { outerSpaceOf } from "#shared/space/spaces/outerSpaces.ts";
import type { SearchSpace } from "#shared/space/spaces/searchSpace.ts";

import type { ArchWeights } from "#main/compute/supernet/archLeaves.ts";

/**
 * Gives each primitive and each move of a genotype all the weight of its edge or router, and everything else of the supernet none.
 */
export function toPathWeights(space: SearchSpace, { cells, widthPath }: Genotype): ArchWeights {
  const edges = edgesOf(space.nodes);
  const op = cells.map(({ nodes }) =>
    edges.map(({ from, to }) => {
      const node = nodes[stateIndex(to) - stateIndex("node_0")] ?? [];
      const chosen = node.find((edge) => edge.from === from);
      return space.primitives.map((primitive) => (primitive === chosen?.primitive ? 1 : 0));
    }),
  );
  return { op, move: outerSpaceOf(space).moveAlong(space, widthPath) };
}
