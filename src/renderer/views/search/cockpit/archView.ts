import type { CellEdge } from "#shared/space/cells/cellGraph.ts";
import { countSkips, edgeCertainties, type EdgeCertainty, type SkipCount } from "#shared/space/cells/certainty.ts";
import { deriveGenotype } from "#shared/space/cells/derive.ts";
import { weighPrimitives } from "#shared/space/cells/edgeRanking.ts";
import type { Genotype } from "#shared/space/cells/genotype.ts";
import type { Primitive } from "#shared/space/cells/primitives.ts";
import { softmax } from "#shared/space/cells/softmax.ts";
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
  /** Move weights `[routers, 3]`, 0..1. */
  readonly moveWeights: readonly (readonly number[])[];
  /** What would be derived from this epoch. */
  readonly genotype: Genotype;
  readonly certainties: readonly (readonly EdgeCertainty[])[];
  readonly skips: SkipCount;
}

/** Computes everything that the window shows of one epoch's alpha and beta. Throws LabError `bad_data` as `deriveGenotype` does. */
export function viewArch({ arch, epoch, step, time }: ArchMilestone, widthFactors: readonly number[]): ArchView {
  const weighed = arch.alpha.map((rows) => rows.map((row) => weighPrimitives(arch.primitives, row)));
  const opWeights = weighed.map((rows) => rows.map((row) => row.map(({ weight }) => weight)));
  const genotype = deriveGenotype(arch, widthFactors);
  return {
    epoch,
    step,
    time,
    primitives: weighed[0]?.[0]?.map(({ primitive }) => primitive) ?? [],
    opWeights,
    ranges: opWeights.map((rows) => [Math.min(...rows.flat()), Math.max(...rows.flat())]),
    moveWeights: arch.beta.map(softmax),
    genotype,
    certainties: arch.alpha.map((_, layer) => edgeCertainties(arch, layer)),
    skips: countSkips(genotype),
  };
}

/** Views every epoch once, and gives the very same list as long as there are the same epochs. */
export function createArchViewer(widthFactors: readonly number[]): (archs: readonly ArchMilestone[]) => ArchView[] {
  const seen = new WeakMap<ArchMilestone, ArchView>();
  let views: ArchView[] = [];
  let newest: ArchMilestone | undefined;
  return (archs) => {
    if (archs.length === views.length && archs.at(-1) === newest) return views;
    newest = archs.at(-1);
    views = archs.map((event) => {
      const view = seen.get(event) ?? viewArch(event, widthFactors);
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
    widthFactor: widthFactors[level] ?? NaN,
    weights: MOVES.map((move, column) => (moves[move] ? (moveWeights[row]?.[column] ?? null) : null)),
  }));
}

/** Returns the smallest and the largest op weight of a layer over all epochs, so that colours and heights mean the same at each. */
export function opWeightRange(views: readonly ArchView[], layer: number): readonly [number, number] {
  let [low, high] = [1, 0];
  for (const { ranges } of views) {
    const [least, most] = ranges[layer] ?? [1, 0];
    low = Math.min(low, least);
    high = Math.max(high, most);
  }
  return low <= high ? [low, high] : [0, 1];
}

/** Names an edge for people: `s1 → node 0`. */
export function toEdgeName({ from, to }: CellEdge): string {
  return texts.cockpit.edge(texts.cockpit.state(from), texts.cockpit.state(to));
}
