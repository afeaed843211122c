import { edgesByState, type StateEdges } from "#shared/space/cells/stateEdges.ts";
import type { SearchSpace } from "#shared/space/spaces/searchSpace.ts";

import { cellChannels, type Place, placesOf } from "./places.ts";

/** One cell of the supernet: one of those that compete for a place, each on a width level of its own. */
export interface ScalesCell {
  readonly layer: number;
  readonly level: number;
  /** Begins the names of its parameters. */
  readonly prefix: string;
  readonly channels: number;
  readonly states: readonly StateEdges[];
  readonly place: Place;
}

/** Lists the cells of the supernet by place and width level. */
export function supernetCells(space: SearchSpace): readonly ScalesCell[] {
  const states = edgesByState(space.nodes);
  return placesOf(space.layers).flatMap((place) =>
    space.widthFactors.map((factor, level): ScalesCell => {
      const prefix = `cell.layer_${place.layer}.width_${level}`;
      const channels = cellChannels(space.filters, factor, place.scale);
      return { layer: place.layer, level, prefix, channels, states, place };
    }),
  );
}
