import { countSkips, type EdgeCertainty, edgeCertainties, type SkipCount } from "#shared/space/cells/certainty.ts";
import { deriveGenotype } from "#shared/space/cells/derive.ts";
import { weighPrimitives } from "#shared/space/cells/edgeRanking.ts";
import type { Genotype } from "#shared/space/cells/genotype.ts";
import type { Primitive } from "#shared/space/cells/primitives.ts";
import { softmax } from "#shared/space/cells/softmax.ts";
import type { ArchMilestone } from "#renderer/run/runHistory.ts";

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
