import { at } from "#shared/at.ts";
import type { Prices } from "#shared/space/graph/prices.ts";
import { type CostLayer, type CostTrellis, skippingCell } from "#shared/space/spaces/costTrellis.ts";
import { planCandidate } from "#shared/space/spaces/networkPlan.ts";
import type { SearchSpace } from "#shared/space/spaces/searchSpace.ts";

import { buildNetworkGraph } from "./buildNetworkGraph.ts";
import { cellChannels, type Place, placesOf, streamChannels } from "./places.ts";

/** Lists the networks on a U with what they cost at the search's filters: at each place any width level, whatever was before. */
export function costTrellis(space: SearchSpace, prices: Prices): CostTrellis {
  const layers = placesOf(space.layers).map((place) => costLayer(space, prices, place));
  const fixed = layers.reduce(
    (rest, { ways }) => rest - at(ways, 0, "width levels").fixed,
    prices.network(buildNetworkGraph(narrowestPlan(space))),
  );
  return { fixed, layers };
}

function costLayer(space: SearchSpace, prices: Prices, place: Place): CostLayer {
  const { nodes, filters, widthFactors, primitives, stemChannels, unshuffle } = space;
  const scale = unshuffle * 2 ** place.scale;
  const stream = streamChannels(stemChannels, place.scale);
  const channels = widthFactors.map((factor) => cellChannels(filters, factor, place.scale));
  const pointwise = (input: number, output: number): number => prices.convolution({ side: 1, input, output, scale });
  return {
    states: 1,
    ways: channels.map((own, level) => {
      const fixed = 2 * pointwise(stream, own) + pointwise(nodes * own, stream);
      return { from: 0, to: 0, row: place.layer, column: level, level, fixed };
    }),
    opCosts: channels.map((own) => primitives.map((primitive) => prices.op(primitive, own, scale))),
  };
}

/** A network that computes nothing in its cells, all on the narrowest width level. */
function narrowestPlan(space: SearchSpace) {
  const { layers, nodes, widthFactors } = space;
  const cells = Array.from({ length: layers }, () => skippingCell(nodes));
  const widthPath = cells.map(() => 0);
  return planCandidate({ schema: "hinas.scales", version: 1, widthFactors, cells, widthPath } as const, space);
}
