import type { Prices } from "#shared/space/graph/prices.ts";
import { type CostLayer, type CostTrellis, type CostWay, skippingCell } from "#shared/space/spaces/costTrellis.ts";
import { planCandidate } from "#shared/space/spaces/networkPlan.ts";
import type { SearchSpace } from "#shared/space/spaces/searchSpace.ts";
import { supernetCells } from "#shared/space/spaces/widths/supernetCells.ts";
import { channelsOfLevel } from "#shared/space/spaces/widths/widthLevels.ts";

import { buildNetworkGraph } from "./buildNetworkGraph.ts";

/** A value that a layer reads, by the level that it stands at; the stem's stands at level 0 and has channels of its own. */
interface Source {
  readonly level: number;
  readonly isStem: boolean;
}

/** What a layer's cost depends on: the two values before it, and what the decoder will read beside the last one. */
interface State {
  readonly older: Source;
  readonly newer: Source;
  /** Whether a layer was at level 0, so that the decoder need not read the stem. */
  readonly hasEndpoint: boolean;
}

const STEM: Source = { level: 0, isStem: true };

/** Lists the networks of paths through resolutions with what they cost at the search's filters. */
export function costTrellis(space: SearchSpace, prices: Prices): CostTrellis {
  const cells = supernetCells(space);
  const layers: CostLayer[] = [];
  let states: readonly State[] = [{ older: STEM, newer: STEM, hasEndpoint: false }];
  for (let layer = 0; layer < space.layers; layer++) {
    const isLast = layer === space.layers - 1;
    const after = new Map<string, { readonly index: number; readonly state: State }>();
    const ways = cells
      .filter((cell) => cell.layer === layer)
      .flatMap(({ level, routes }) =>
        routes.flatMap((route) =>
          states.flatMap((state, from): CostWay[] => {
            if (state.newer.level !== route.from) return [];
            const newer = { level, isStem: false };
            const next = { older: state.newer, newer, hasEndpoint: state.hasEndpoint || level === 0 };
            const key = JSON.stringify(next);
            const known = after.get(key) ?? { index: after.size, state: next };
            after.set(key, known);
            const fixed =
              priceInputs(space, prices, state, level) + (isLast ? priceEnd(space, prices, state, level) : 0);
            return [{ from, to: known.index, row: route.router, column: route.move, level, fixed }];
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
    space.primitives.map((primitive) => prices.op(primitive, channelsOfLevel(space, level), scaleOf(space, level))),
  );
}

/** Prices what brings both values that a layer at a level reads to its channels and its stride. */
function priceInputs(space: SearchSpace, prices: Prices, { older, newer }: State, level: number): number {
  return priceMove(space, prices, newer, level) + priceMove(space, prices, older, level);
}

/** Ways to a finer or the same level convolve the small picture; each step of a way down convolves blocks of 2x2 pixels. */
function priceMove(space: SearchSpace, prices: Prices, source: Source, level: number): number {
  const input = channelsOf(space, source);
  const pointwise = (from: number, to: number, at: number): number =>
    prices.convolution({ side: 1, input: from, output: to, scale: scaleOf(space, at) });
  if (level <= source.level) return pointwise(input, channelsOfLevel(space, level), source.level);
  const steps = Array.from({ length: level - source.level }, (_, step) => source.level + step);
  return steps.reduce(
    (sum, from) => sum + pointwise(4 * channelsOfLevel(space, from), channelsOfLevel(space, from + 1), from + 1),
    pointwise(input, channelsOfLevel(space, source.level), source.level),
  );
}

/** Prices what the decoder reads of a network whose last layer is at a level: that value, and an earlier one at level 0 or the stem. */
function priceEnd(space: SearchSpace, prices: Prices, { hasEndpoint }: State, level: number): number {
  const { endpointChannels, decoderChannels } = planOf(space);
  const pointwise = (source: Source, output: number): number =>
    prices.convolution({ side: 1, input: channelsOf(space, source), output, scale: scaleOf(space, source.level) });
  const near = hasEndpoint && level > 0 ? { level: 0, isStem: false } : STEM;
  return pointwise({ level, isStem: false }, decoderChannels) + pointwise(near, endpointChannels);
}

function channelsOf(space: SearchSpace, { level, isStem }: Source): number {
  return isStem ? space.stemChannels : space.nodes * channelsOfLevel(space, level);
}

/** How many pixels of the picture a pixel at a level is wide. */
function scaleOf({ unshuffle }: SearchSpace, level: number): number {
  return unshuffle * 2 ** level;
}

/** Prices the rest by a network that computes nothing in its cells and stays at level 0. */
function priceRest(space: SearchSpace, prices: Prices, layers: readonly CostLayer[]): number {
  let state = 0;
  let rest = prices.network(buildNetworkGraph(planOf(space)));
  for (const { ways } of layers) {
    const way = ways.find(({ from, level }) => from === state && level === 0);
    if (way === undefined) throw new Error("cost: level 0 must lead to itself");
    rest -= way.fixed;
    state = way.to;
  }
  return rest;
}

function planOf(space: SearchSpace) {
  const { layers, nodes, widthFactors } = space;
  const cells = Array.from({ length: layers }, () => skippingCell(nodes));
  const widthPath = cells.map(() => 0);
  return planCandidate({ schema: "hinas.resolutions", version: 1, widthFactors, cells, widthPath } as const, space);
}
