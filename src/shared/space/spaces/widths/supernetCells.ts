import { edgesByState, type StateEdges } from "#shared/space/cells/stateEdges.ts";

import type { SearchSpace } from "#shared/space/spaces/searchSpace.ts";
import { channelsOfLevel, levelCountOfLayer, MOVE_STEPS, MOVES, routersOf } from "./widthLevels.ts";

/** One way into a cell: from a width level of the layer before, through a 1x1 filter, weighed by a move of a router. */
export interface Route {
  readonly from: number;
  /** The router's row of beta, and the move's column. */
  readonly router: number;
  readonly move: number;
  readonly filter: string;
}

/** One cell of the supernet by its layer and width level, and all that leads into it. */
export interface SupernetCell {
  readonly layer: number;
  readonly level: number;
  /** Begins the names of its parameters. */
  readonly prefix: string;
  readonly channels: number;
  /** From narrower to wider levels. */
  readonly routes: readonly Route[];
  /** A width level that first appears at this layer has no older input: that is widened from the next narrower one. */
  readonly widen: { readonly from: number; readonly filter: string } | null;
  readonly states: readonly StateEdges[];
}

type Trellis = Pick<SearchSpace, "layers" | "nodes" | "filters" | "widthFactors">;

/** Lists the cells of a supernet by layer and width level: the one place that says how they hang together (science notes 1.3). */
export function supernetCells(space: Trellis): readonly SupernetCell[] {
  const states = edgesByState(space.nodes);
  const levels = space.widthFactors.length;
  return Array.from({ length: space.layers }, (_, layer) =>
    Array.from({ length: levelCountOfLayer(layer, levels) }, (_, level): SupernetCell => {
      const widen = level === layer + 1 ? { from: level - 1, filter: `widen_${level}.conv` } : null;
      const prefix = `cell.layer_${layer}.width_${level}`;
      const channels = channelsOfLevel(space, level);
      return { layer, level, prefix, channels, routes: routesInto(space, layer, level), widen, states };
    }),
  ).flat();
}

function routesInto(space: Trellis, layer: number, level: number): Route[] {
  return routersOf(space).flatMap(({ layer: target, level: from }, router) => {
    const move = MOVES.findIndex((candidate) => from + MOVE_STEPS[candidate] === level);
    if (target !== layer || move === -1) return [];
    return [{ from, router, move, filter: `router.layer_${layer}.width_${from}.to_${level}.conv` }];
  });
}
