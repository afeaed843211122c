import type { Prices } from "#shared/space/graph/prices.ts";
import { type CostLayer, type CostTrellis, type CostWay, skippingCell } from "#shared/space/spaces/costTrellis.ts";
import { planCandidate } from "#shared/space/spaces/networkPlan.ts";
import type { SearchSpace } from "#shared/space/spaces/searchSpace.ts";

import { buildNetworkGraph } from "./buildNetworkGraph.ts";
import { supernetCells } from "./supernetCells.ts";
import { channelsOfLevel } from "./widthLevels.ts";

/** What a layer's cost depends on: the width levels of the two layers before it, and what the decoder will read. */
interface State {
  readonly older: number;
  readonly level: number;
  /** Whether a layer was at width level 0, so that the decoder need not read the reduced stem. */
  readonly hasEndpoint: boolean;
}

/** Lists the networks of a space of widths with what they cost at the search's filters. */
export function costTrellis(space: SearchSpace, prices: Prices): CostTrellis {
  const cells = supernetCells(space);
  const price = priceWays(space, prices);
  const layers: CostLayer[] = [];
  let states: readonly State[] = [{ older: 0, level: 0, hasEndpoint: false }];
  for (let layer = 0; layer < space.layers; layer++) {
    const after = new Map<string, { readonly index: number; readonly state: State }>();
    const ways = cells
      .filter((cell) => cell.layer === layer)
      .flatMap(({ level, routes }) =>
        routes.flatMap((route) =>
          states.flatMap((state, from): CostWay[] => {
            if (state.level !== route.from) return [];
            const next = { older: state.level, level, hasEndpoint: state.hasEndpoint || level === 0 };
            const key = Object.values(next).join();
            const known = after.get(key) ?? { index: after.size, state: next };
            after.set(key, known);
            const { router: row, move: column } = route;
            return [{ from, to: known.index, row, column, level, fixed: price(layer, state, level) }];
          }),
        ),
      );
    states = [...after.values()].map(({ state }) => state);
    layers.push({ states: states.length, ways, opCosts: opCostsOf(space, prices) });
  }
  return { fixed: priceRest(space, prices, layers), layers };
}

function opCostsOf(space: SearchSpace, prices: Prices): readonly (readonly number[])[] {
  return space.widthFactors.map((_, level) =>
    space.primitives.map((primitive) => prices.op(primitive, channelsOfLevel(space, level), space.unshuffle)),
  );
}

/** Prices what a layer costs besides its ops: the convolutions of its inputs, and behind the last one what the decoder reads. */
function priceWays(space: SearchSpace, prices: Prices): (layer: number, state: State, level: number) => number {
  const { nodes, stemChannels, unshuffle: scale } = space;
  const { decoderChannels } = planOf(space);
  const left = (level: number): number => nodes * channelsOfLevel(space, level);
  const pointwise = (input: number, output: number): number => prices.convolution({ side: 1, input, output, scale });
  const reduce = prices.convolution({ side: 3, input: stemChannels, output: left(0), scale });
  return (layer, { older, level: before, hasEndpoint }, level) => {
    const channels = channelsOfLevel(space, level);
    const s0 = pointwise(layer === 0 ? stemChannels : left(before), channels);
    const s1 = pointwise(layer < 2 ? stemChannels : left(older), channels);
    if (layer < space.layers - 1) return s0 + s1;
    const isReduced = level === 0 || !hasEndpoint;
    return s0 + s1 + pointwise(left(level), decoderChannels) + (isReduced ? reduce : 0);
  };
}

/** Prices the rest by a network that computes nothing in its cells and stays at width level 0. */
function priceRest(space: SearchSpace, prices: Prices, layers: readonly CostLayer[]): number {
  let state = 0;
  let rest = prices.network(buildNetworkGraph(planOf(space)));
  for (const { ways } of layers) {
    const way = ways.find(({ from, level }) => from === state && level === 0);
    if (way === undefined) throw new Error("cost: width level 0 must lead to itself");
    rest -= way.fixed;
    state = way.to;
  }
  return rest;
}

function planOf(space: SearchSpace) {
  const { layers, nodes, widthFactors } = space;
  const cells = Array.from({ length: layers }, () => skippingCell(nodes));
  const widthPath = cells.map(() => 0);
  return planCandidate({ schema: "hinas.genotype", version: 1, widthFactors, cells, widthPath } as const, space);
}
