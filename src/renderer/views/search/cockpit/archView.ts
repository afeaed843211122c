import { at } from "#shared/at.ts";
import type { CellEdge } from "#shared/space/cells/cellGraph.ts";
import { countSkips, edgeCertainties, type EdgeCertainty, type SkipCount } from "#shared/space/cells/certainty.ts";
import { deriveGenotype } from "#shared/space/cells/derive.ts";
import { weighPrimitives } from "#shared/space/cells/edgeRanking.ts";
import type { Genotype } from "#shared/space/cells/genotype.ts";
import type { Primitive } from "#shared/space/cells/primitives.ts";
import { softmax } from "#shared/space/cells/softmax.ts";
import { placeText } from "#shared/space/spaces/scales/places.ts";
import type { SearchSpace } from "#shared/space/spaces/searchSpace.ts";
import { MOVES, type Router } from "#shared/space/spaces/widths/widthLevels.ts";
import type { ArchMilestone } from "#renderer/run/runHistory.ts";
import { texts } from "#renderer/texts/texts.ts";

/** The arch variables of one epoch, ready to be shown. */
export interface ArchView {
  readonly epoch: number;
  readonly step: number;
  readonly time: string;
  /** In the order of `PRIMITIVES`, the same everywhere. */
  readonly primitives: readonly Primitive[];
  /** Op weights `[layers, edges, primitives]`, 0..1, in the order of `primitives`. */
  readonly opWeights: readonly (readonly (readonly number[])[])[];
  /** The smallest and the largest op weight of each layer. */
  readonly ranges: readonly (readonly [number, number])[];
  /** Softmax of beta, 0..1: move weights `[routers, 3]`, or on a U the weights of the width levels `[places, levels]`. */
  readonly moveWeights: readonly (readonly number[])[];
  /** What would be derived from this epoch. */
  readonly genotype: Genotype;
  readonly certainties: readonly (readonly EdgeCertainty[])[];
  readonly skips: SkipCount;
}

/** What the arch variables of a search mean. */
export type ViewedSpace = Pick<SearchSpace, "kind" | "widthFactors">;

/** Computes everything that the window shows of one epoch's alpha and beta. Throws LabError `bad_data` as `deriveGenotype` does. */
export function viewArch({ arch, epoch, step, time }: ArchMilestone, { kind, widthFactors }: ViewedSpace): ArchView {
  const weighed = arch.alpha.map((rows) => rows.map((row) => weighPrimitives(arch.primitives, row)));
  const opWeights = weighed.map((rows) => rows.map((row) => row.map(({ weight }) => weight)));
  const genotype = deriveGenotype(arch, widthFactors, kind);
  return {
    epoch,
    step,
    time,
    primitives: at(at(weighed, 0, "layers"), 0, "edges of a cell").map(({ primitive }) => primitive),
    opWeights,
    ranges: opWeights.map((rows) => [Math.min(...rows.flat()), Math.max(...rows.flat())]),
    moveWeights: arch.beta.map(softmax),
    genotype,
    certainties: arch.alpha.map((_, layer) => edgeCertainties(arch, layer)),
    skips: countSkips(genotype),
  };
}

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

/** Returns the op weight of a primitive on an edge, 0..1. Throws an Error where there is no such layer, edge or primitive. */
export function weightAt({ opWeights }: ArchView, layer: number, edge: number, primitive: number): number {
  return at(at(at(opWeights, layer, "layers"), edge, "edges of a cell"), primitive, "primitives of an edge");
}

/** Returns the smallest and the largest op weight of a layer over all epochs, so that colours and heights mean the same at each. */
export function opWeightRange(views: readonly ArchView[], layer: number): readonly [number, number] {
  let [low, high] = [1, 0];
  for (const { ranges } of views) {
    const [least, most] = at(ranges, layer, "layers");
    low = Math.min(low, least);
    high = Math.max(high, most);
  }
  return low <= high ? [low, high] : [0, 1];
}

/** Names an edge for people: `s1 → node 0`. */
export function toEdgeName({ from, to }: CellEdge): string {
  return texts.cockpit.edge(texts.cockpit.state(from), texts.cockpit.state(to));
}
