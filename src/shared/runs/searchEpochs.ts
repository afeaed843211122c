import { edgeCount, incomingEdgeCount } from "#shared/space/cells/cellGraph.ts";
import { KEPT_EDGES } from "#shared/space/cells/edgeRanking.ts";

import type { SearchConfig } from "./config.ts";

/** Cells whose edges are chosen one by one: one for each alpha. */
function countAlphas({ alphaSharing, layers }: SearchConfig["space"]): number {
  return alphaSharing === "tied" ? 1 : layers;
}

/** Counts the picks of a choice by perturbation: a primitive for each edge, and the edges of each node that has more than it keeps. */
export function countPicks(space: SearchConfig["space"]): number {
  const nodes = Array.from({ length: space.nodes }, (_, node) => node);
  const crowded = nodes.filter((node) => incomingEdgeCount(node) > KEPT_EDGES).length;
  return countAlphas(space) * (edgeCount(space.nodes) + crowded);
}

/** Epochs of a whole search: those of the settings, and those between the picks of a choice by perturbation. */
export function countEpochs({ space, search }: Pick<SearchConfig, "space" | "search">): number {
  const { choice } = search.stabilisers;
  return search.epochs + (choice.kind === "perturbation" ? choice.tuneEpochs * (countPicks(space) - 1) : 0);
}
