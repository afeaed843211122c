import { edgesByState, type StateEdges } from "#shared/space/cells/stateEdges.ts";

import type { SearchSpace } from "#shared/space/spaces/searchSpace.ts";
import type { SearchedCell } from "#shared/space/spaces/supernetCosts.ts";
import { channelsOfLevel, levelCountOfLayer, MOVE_STEPS, MOVES, routersOf } from "./widthLevels.ts";

/** One way into a cell: from a width level of the layer before, through a 1x1 filter, weighed by a move of a router. */
export interface Route {
  readonly from: number;
  /** The router's row of beta, and the move's column. */
  readonly router: number;
  readonly move: number;
  readonly filter: string;
}

/** A place of the supernet by its layer and width level, all that leads into it, and the cells that run there. */
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
  /** The cells that run here: one on the mixed input, or where cells are not shared one for each way in, in their order. */
  readonly runs: readonly SearchedCell[];
}

type Trellis = Pick<SearchSpace, "layers" | "nodes" | "filters" | "widthFactors" | "cellSharing">;

/** Lists the cells of a supernet by layer and width level: the one place that says how they hang together (science notes 1.3). */
export function supernetCells(space: Trellis): readonly SupernetCell[] {
  const states = edgesByState(space.nodes);
  const levels = space.widthFactors.length;
  return Array.from({ length: space.layers }, (_, layer) =>
    Array.from({ length: levelCountOfLayer(layer, levels) }, (_, level): SupernetCell => {
      const widen = level === layer + 1 ? { from: level - 1, filter: `widen_${level}.conv` } : null;
      const prefix = `cell.layer_${layer}.width_${level}`;
      const channels = channelsOfLevel(space, level);
      const routes = routesInto(space, layer, level);
      const cell = { layer, level, prefix, channels, states };
      const apart = routes.map(({ from }) => ({ ...cell, prefix: `${prefix}.from_${from}` }));
      return { ...cell, routes, widen, runs: space.cellSharing ? [cell] : apart };
    }),
  ).flat();
}

/** Lists all cells that run in a supernet, by layer, width level and way in. */
export function searchedCells(space: Trellis): readonly SearchedCell[] {
  return supernetCells(space).flatMap(({ runs }) => runs);
}

function routesInto(space: Trellis, layer: number, level: number): Route[] {
  return routersOf(space).flatMap(({ layer: target, level: from }, router) => {
    const move = MOVES.findIndex((candidate) => from + MOVE_STEPS[candidate] === level);
    if (target !== layer || move === -1) return [];
    return [{ from, router, move, filter: `router.layer_${layer}.width_${from}.to_${level}.conv` }];
  });
}
