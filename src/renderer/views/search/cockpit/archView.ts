import { at } from "#shared/at.ts";
import { type ArchView, type ViewedSpace, viewArch } from "#shared/space/cells/archView.ts";
import type { CellEdge } from "#shared/space/cells/cellGraph.ts";
import { placeText } from "#shared/space/spaces/scales/places.ts";
import { MOVES, type Router } from "#shared/space/spaces/widths/widthLevels.ts";
import type { ArchMilestone } from "#renderer/run/runHistory.ts";
import { texts } from "#renderer/texts/texts.ts";

/** Views every epoch once, and gives the very same list as long as there are the same epochs. */
export function createArchViewer(space: ViewedSpace): (archs: readonly ArchMilestone[]) => ArchView[] {
  const seen = new WeakMap<ArchMilestone, ArchView>();
  let views: ArchView[] = [];
  let newest: ArchMilestone | undefined;
  return (archs) => {
    if (archs.length === views.length && archs.at(-1) === newest) return views;
    newest = archs.at(-1);
    views = archs.map((event) => {
      const view = seen.get(event) ?? viewArch(event, space);
      seen.set(event, view);
      return view;
    });
    return views;
  };
}

/** The move weights of one router. */
export interface MoveRow {
  readonly layer: number;
  /** Width factor that the router reads. */
  readonly widthFactor: number;
  /** In the order of `MOVES`, 0..1; null for a move that leads out of the levels. */
  readonly weights: readonly (number | null)[];
}

/** Lists move weights by router, as beta has them. */
export function toMoveRows(
  routers: readonly Router[],
  moveWeights: readonly (readonly number[])[],
  widthFactors: readonly number[],
): readonly MoveRow[] {
  return routers.map(({ layer, level, moves }, row) => ({
    layer,
    widthFactor: at(widthFactors, level, "width levels"),
    weights: MOVES.map((move, column) => (moves[move] ? at(at(moveWeights, row, "routers"), column, "moves") : null)),
  }));
}

/** The width levels of one place of a U. */
export interface PlaceRow {
  /** Where it stands, e.g. `place 1 (bottom, 1/2)`. */
  readonly name: string;
  /** By width level, narrowest first, 0..1. */
  readonly weights: readonly number[];
  /** The width level that would be derived. */
  readonly chosen: number;
}

/** Lists the weights of the width levels by place, as beta of a U has them. */
export function toPlaceRows({ moveWeights, genotype }: ArchView): readonly PlaceRow[] {
  return moveWeights.map((weights, layer) => ({
    name: texts.cockpit.place(layer, placeText(layer, moveWeights.length)),
    weights,
    chosen: at(genotype.widthPath, layer, "places"),
  }));
}

/** Names an edge for people: `s1 → node 0`. */
export function toEdgeName({ from, to }: CellEdge): string {
  return texts.cockpit.edge(texts.cockpit.state(from), texts.cockpit.state(to));
}
