import { at } from "#shared/at.ts";
import { type ArchView, toDecidedness, weightAt } from "#shared/space/cells/archView.ts";
import { withAllEdges } from "#shared/space/cells/candidateCells.ts";
import { edgeCount, stateIndex } from "#shared/space/cells/cellGraph.ts";

import { drawCell, type LookOfEdge } from "./drawCell.ts";
import type { Fragment } from "./svg.ts";
import type { Theme } from "./theme.ts";

/** Which edges of a cell in search are drawn. */
export interface SearchedCellOptions {
  readonly layer: number;
  /** Whether edges that would not be kept are drawn, too, behind the others: the cell then has the same form all along a search. */
  readonly hasAllEdges: boolean;
  /** Edges whose op weight is below are left out, 0..1. */
  readonly threshold: number;
}

/**
 * Draws the cell of a layer as a search sees it: lines as wide as their op weights are above those of an untrained search, and
 * grains for an edge whose primitive is ahead by no more than noise.
 */
export function drawSearchedCell(view: ArchView, options: SearchedCellOptions, theme: Theme): Fragment {
  const { layer, hasAllEdges, threshold } = options;
  const kept = at(view.genotype.cells, layer, "cells").nodes;
  const certainties = at(view.certainties, layer, "layers");
  const lookOf: LookOfEdge = ({ from, primitive }, node) => {
    const row = edgeCount(node) + stateIndex(from);
    const weight = weightAt(view, layer, row, view.primitives.indexOf(primitive));
    if (weight < threshold) return null;
    return {
      strength: toDecidedness(weight, view.untrainedWeight),
      isNoise: at(certainties, row, "edges of a cell").isUndecided,
      isFaint: !at(kept, node, "nodes").some((edge) => edge.from === from),
    };
  };
  const genotype = hasAllEdges ? withAllEdges(view.genotype, view.certainties) : view.genotype;
  return drawCell(genotype, layer, theme, lookOf);
}
