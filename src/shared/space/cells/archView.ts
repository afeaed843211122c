import { at } from "#shared/at.ts";
import type { SearchSpace } from "#shared/space/spaces/searchSpace.ts";

import type { ArchLogits } from "./archLogits.ts";
import { countSkips, edgeCertainties, type EdgeCertainty, type SkipCount } from "./certainty.ts";
import { deriveGenotype } from "./derive.ts";
import { weighPrimitives } from "./edgeRanking.ts";
import { explainDerivation } from "./explain.ts";
import type { Genotype } from "./genotype.ts";
import { untrainedOpWeight } from "./opWeights.ts";
import type { Primitive } from "./primitives.ts";
import { softmax } from "./softmax.ts";

/** The arch variables at one time of a search. */
export interface ArchMoment {
  readonly arch: ArchLogits;
  /** Between two epochs not whole. */
  readonly epoch: number;
  readonly step: number;
  /** When that was, as ISO 8601. */
  readonly time: string;
}

/** The arch variables at one time of a search, ready to be shown. */
export interface ArchView extends Omit<ArchMoment, "arch"> {
  /** In the order of `PRIMITIVES`, the same everywhere. */
  readonly primitives: readonly Primitive[];
  /** Op weights `[layers, edges, primitives]`, 0..1, in the order of `primitives`. */
  readonly opWeights: readonly (readonly (readonly number[])[])[];
  /** What each primitive weighs in a search that has learned nothing, 0..1. */
  readonly untrainedWeight: number;
  /** Softmax of beta, 0..1: move weights `[routers, 3]`, or on a U the weights of the width levels `[places, levels]`. */
  readonly moveWeights: readonly (readonly number[])[];
  /** What would be derived from this epoch. */
  readonly genotype: Genotype;
  readonly certainties: readonly (readonly EdgeCertainty[])[];
  /** Whether the width path is ahead by no more than chance gives an untrained search. */
  readonly isPathUndecided: boolean;
  readonly skips: SkipCount;
}

/** What the arch variables of a search mean. */
export type ViewedSpace = Pick<SearchSpace, "kind" | "widthFactors">;

/** Computes everything that is shown of alpha and beta at one time. Throws LabError `bad_data` as `deriveGenotype` does. */
export function viewArch({ arch, epoch, step, time }: ArchMoment, { kind, widthFactors }: ViewedSpace): ArchView {
  const weighed = arch.alpha.map((rows) => rows.map((row) => weighPrimitives(arch, row)));
  const genotype = deriveGenotype(arch, widthFactors, kind);
  return {
    epoch,
    step,
    time,
    primitives: at(at(weighed, 0, "layers"), 0, "edges of a cell").map(({ primitive }) => primitive),
    opWeights: weighed.map((rows) => rows.map((row) => row.map(({ weight }) => weight))),
    untrainedWeight: untrainedOpWeight(arch.opWeights ?? "softmax", arch.primitives.length),
    moveWeights: arch.beta.map(softmax),
    genotype,
    certainties: arch.alpha.map((_, layer) => edgeCertainties(arch, layer)),
    isPathUndecided: widthFactors.length > 1 && explainDerivation(arch, widthFactors, kind).isPathUndecided,
    skips: countSkips(genotype),
  };
}

/** Returns the op weight of a primitive on an edge, 0..1. Throws an Error where there is no such layer, edge or primitive. */
export function weightAt({ opWeights }: ArchView, layer: number, edge: number, primitive: number): number {
  return at(at(at(opWeights, layer, "layers"), edge, "edges of a cell"), primitive, "primitives of an edge");
}

/** Returns how far an op weight is from that of an untrained search, 0, to the largest there can be, 1. */
export function toDecidedness(weight: number, untrainedWeight: number): number {
  return untrainedWeight >= 1 ? 1 : Math.max(0, (weight - untrainedWeight) / (1 - untrainedWeight));
}

/**
 * Tells for each edge of layer `layer` the epoch since which it has had the same strongest primitive, ahead by more than noise,
 * up to the view at `index` of views that follow each other [edges]; null where it is undecided there.
 */
export function findDecidedSince(views: readonly ArchView[], index: number, layer: number): (number | null)[] {
  const certaintiesAt = (view: number) => at(at(views, view, "epochs").certainties, layer, "layers");
  return certaintiesAt(index).map(({ winner, isUndecided }, edge) => {
    if (isUndecided) return null;
    let first = index;
    while (first > 0) {
      const before = at(certaintiesAt(first - 1), edge, "edges of a cell");
      if (before.isUndecided || before.winner !== winner) break;
      first--;
    }
    return at(views, first, "epochs").epoch;
  });
}
