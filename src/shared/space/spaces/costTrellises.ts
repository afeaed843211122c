import type { Prices } from "#shared/space/graph/prices.ts";

import type { CostTrellis } from "./costTrellis.ts";
import { costTrellis as scalesTrellis } from "./scales/costTrellis.ts";
import type { SearchSpace, SpaceKind } from "./searchSpace.ts";
import { costTrellis as widthsTrellis } from "./widths/costTrellis.ts";

/**
 * How the networks of each outer space are laid out by what they cost; null where that is not listed yet. Not among `OUTER_SPACES`: those
 * know beta, from which genotypes and then graphs follow, and this prices graphs.
 */
const COST_TRELLISES: Readonly<Record<SpaceKind, ((space: SearchSpace, prices: Prices) => CostTrellis) | null>> = {
  widths: widthsTrellis,
  resolutions: null,
  scales: scalesTrellis,
};

/** Tells whether a search of a space can reckon with what its networks cost. */
export function hasCostTrellis({ kind }: Pick<SearchSpace, "kind">): boolean {
  return COST_TRELLISES[kind] !== null;
}

/** Lists the networks of a space with what they cost by the given prices. Throws for a space that has no such list: settings refuse it. */
export function costTrellisOf(space: SearchSpace, prices: Prices): CostTrellis {
  const costTrellis = COST_TRELLISES[space.kind];
  if (costTrellis === null) throw new Error(`search: the space ${space.kind} does not list what its networks cost`);
  return costTrellis(space, prices);
}
