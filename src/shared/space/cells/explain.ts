import { at } from "#shared/at.ts";
import type { ArchLogits } from "./archLogits.ts";
import type { StateName } from "./cellGraph.ts";
import { isWithinNoise } from "./certainty.ts";
import { checkArchLogits } from "./checkArchLogits.ts";
import { KEPT_EDGES, type RankedEdge, rankEdges } from "./edgeRanking.ts";
import { OUTER_SPACES } from "#shared/space/spaces/outerSpaces.ts";
import type { SpaceKind } from "#shared/space/spaces/searchSpace.ts";
import type { TrellisCell } from "#shared/space/spaces/widths/viterbi.ts";

/** Why one node kept its edges. */
export interface NodeExplanation {
  readonly node: StateName;
  /** All incoming edges, strongest first; the first `kept` of them are in the genotype. */
  readonly candidates: readonly RankedEdge[];
  readonly kept: number;
  /** Op weight of the weakest kept edge minus that of the strongest dropped one, 0..1; null where none was dropped. */
  readonly margin: number | null;
  /** Whether that margin is within what chance gives an untrained search. */
  readonly isUndecided: boolean;
}

/** Why one layer looks as it does: its nodes, and the best product of move weights to each width level. */
export interface LayerExplanation {
  readonly layer: number;
  readonly nodes: readonly NodeExplanation[];
  readonly levels: readonly TrellisCell[];
  readonly chosenLevel: number;
}

/** Every decision of a derivation with the numbers it rests on. */
export interface Explanation {
  /** How the cells hang together. */
  readonly kind: SpaceKind;
  readonly widthFactors: readonly number[];
  readonly layers: readonly LayerExplanation[];
  readonly widthPath: readonly number[];
  /** Product of the move weights along the chosen width path, or of the chosen width levels' weights, 0..1. */
  readonly product: number;
  /** How many times the product is what the same path has where all moves weigh the same, as in an untrained search. */
  readonly gain: number;
  /** Whether that is within what chance gives an untrained search. */
  readonly isPathUndecided: boolean;
}

/**
 * Explains what `deriveGenotype` decides for the same input: per node the candidates, weights and margins, per layer
 * the products of the width levels. Throws LabError `bad_data` as `deriveGenotype` does.
 */
export function explainDerivation(
  logits: ArchLogits,
  widthFactors: readonly number[],
  kind: SpaceKind = "widths",
): Explanation {
  checkArchLogits(logits, widthFactors.length, kind, "explain");
  const { path, trellis } = OUTER_SPACES[kind].findPath(logits.beta, logits.alpha.length, widthFactors.length);
  const layers = trellis.map((levels, layer): LayerExplanation => {
    const nodes = rankEdges(logits, layer).map(explainNode);
    return { layer, nodes, levels, chosenLevel: at(path, layer, "explain: width path") };
  });
  const product = Math.max(...at(trellis, trellis.length - 1, "explain: trellis").map((cell) => cell.product));
  const untrained = OUTER_SPACES[kind].untrainedProduct(path, widthFactors.length);
  const gain = product / untrained;
  // Chance moves each layer's weight by so much; a path has as many of them as layers.
  const isPathUndecided = isWithinNoise(gain ** (1 / path.length), 1);
  return { kind, widthFactors: [...widthFactors], layers, widthPath: path, product, gain, isPathUndecided };
}

function explainNode(candidates: readonly RankedEdge[], node: number): NodeExplanation {
  const kept = Math.min(KEPT_EDGES, candidates.length);
  const weakestKept = candidates[kept - 1];
  const firstDropped = candidates[kept];
  const margin =
    weakestKept === undefined || firstDropped === undefined ? null : weakestKept.best.weight - firstDropped.best.weight;
  const isUndecided =
    weakestKept !== undefined &&
    firstDropped !== undefined &&
    isWithinNoise(weakestKept.best.weight, firstDropped.best.weight);
  return { node: `node_${node}`, candidates, kept, margin, isUndecided };
}
