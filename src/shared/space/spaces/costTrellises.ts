import type { Prices } from "#shared/space/graph/prices.ts";

import type { CostTrellis } from "./costTrellis.ts";
import { costTrellis as resolutionsTrellis } from "./resolutions/costTrellis.ts";
import { costTrellis as scalesTrellis } from "./scales/costTrellis.ts";
import type { SearchSpace, SpaceKind } from "./searchSpace.ts";
import { costTrellis as widthsTrellis } from "./widths/costTrellis.ts";

/**
 * How the networks of each outer space are laid out by what they cost. Not among `OUTER_SPACES`: those know beta, from which genotypes and
 * then graphs follow, and this prices graphs.
 */
const COST_TRELLISES: Readonly<Record<SpaceKind, (space: SearchSpace, prices: Prices) => CostTrellis>> = {
  widths: widthsTrellis,
  resolutions: resolutionsTrellis,
  scales: scalesTrellis,
};

/** Lists the networks of a space with what they cost by the given prices. */
export function costTrellisOf(space: SearchSpace, prices: Prices): CostTrellis {
  return COST_TRELLISES[space.kind](space, prices);
}
