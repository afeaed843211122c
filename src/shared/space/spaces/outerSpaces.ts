import type { Cost } from "#shared/space/graph/costModel.ts";
import type { ParameterSpec } from "#shared/space/graph/parameters.ts";

import {
  supernetCost as resolutionsCost,
  supernetMemoryMb as resolutionsMemoryMb,
  supernetParameters as resolutionsParameters,
} from "./resolutions/supernetParameters.ts";
import { findResolutionPath } from "./resolutions/trellis.ts";
import { chooseLevels } from "./scales/levelChoice.ts";
import { scalesOfLayers } from "./scales/places.ts";
import { supernetCells as scalesCells } from "./scales/supernetCells.ts";
import {
  supernetCost as scalesCost,
  supernetMemoryMb as scalesMemoryMb,
  supernetParameters as scalesParameters,
} from "./scales/supernetParameters.ts";
import type { CellSchema, SearchSpace, SpaceKind } from "./searchSpace.ts";
import type { SearchedCell } from "./supernetCosts.ts";
import { searchedCells as widthsCells } from "./widths/supernetCells.ts";
import {
  supernetCost as widthsCost,
  supernetMemoryMb as widthsMemoryMb,
  supernetParameters as widthsParameters,
} from "./widths/supernetParameters.ts";
import { findWidthPath, type WidthPathSearch } from "./widths/viterbi.ts";
import {
  levelCountOfLayer,
  moveAlongPath,
  MOVES,
  routerCount,
  routersOf,
  untrainedPathProduct,
} from "./widths/widthLevels.ts";

/** How cells hang together in a space that is searched by a supernet: what beta chooses between, and what it costs. */
interface OuterSpace {
  /** The schema of the genotypes that are derived. */
  readonly schema: CellSchema;
  /** Rows of beta, and the columns by name, of so many layers and width levels. */
  readonly betaShape: (
    layers: number,
    widthLevels: number,
  ) => { readonly rows: number; readonly columns: readonly string[] };
  /** Which entries of beta may be chosen. */
  readonly possible: (space: SearchSpace) => readonly (readonly boolean[])[];
  /** The width level of every layer that beta, already checked, decides for. */
  readonly findPath: (beta: readonly (readonly number[])[], layers: number, widthLevels: number) => WidthPathSearch;
  /** The rows of move weights that leave a path alone: 1 for each of its moves, else 0. */
  readonly moveAlong: (space: Pick<SearchSpace, "layers" | "widthFactors">, path: readonly number[]) => readonly (readonly number[])[]; // prettier-ignore
  /** The product of move weights that a path has where all moves that it could make weigh the same. */
  readonly untrainedProduct: (path: readonly number[], widthLevels: number) => number;
  /** Sides of pictures that the supernet is given must be multiples of this, in pixels. */
  readonly blockPx: (space: SearchSpace) => number;
  readonly cells: (space: SearchSpace) => readonly SearchedCell[];
  readonly parameters: (space: SearchSpace) => ParameterSpec[];
  readonly cost: (space: SearchSpace) => Cost;
  readonly memoryMb: (space: SearchSpace, recompute: boolean, pixels: number) => number;
}

/** The outer spaces by kind, one row each. */
export const OUTER_SPACES: { readonly [K in SpaceKind]: OuterSpace } = {
  widths: {
    schema: "hinas.genotype",
    betaShape: (layers, widthLevels) => ({ rows: routerCount(layers, widthLevels), columns: MOVES }),
    possible: (space) => routersOf(space).map(({ moves }) => MOVES.map((move) => moves[move])),
    findPath: findWidthPath,
    moveAlong: moveAlongPath,
    untrainedProduct: untrainedPathProduct,
    blockPx: ({ unshuffle }) => unshuffle,
    cells: widthsCells,
    parameters: widthsParameters,
    cost: widthsCost,
    memoryMb: widthsMemoryMb,
  },
  resolutions: {
    schema: "hinas.resolutions",
    betaShape: (layers, widthLevels) => ({ rows: routerCount(layers, widthLevels), columns: MOVES }),
    possible: (space) => routersOf(space).map(({ moves }) => MOVES.map((move) => moves[move])),
    moveAlong: moveAlongPath,
    findPath: (beta, layers, levels) => findResolutionPath(beta, { layers, levels, scaleTwoArrows: true }),
    // With two-arrow rows scaled, each arrow of an untrained trellis weighs a third.
    untrainedProduct: (path, levels) => (levels === 1 ? 1 : 3 ** -path.length),
    blockPx: ({ unshuffle, layers, widthFactors }) =>
      unshuffle * 2 ** (levelCountOfLayer(layers - 1, widthFactors.length) - 1),
    cells: widthsCells,
    parameters: resolutionsParameters,
    cost: resolutionsCost,
    memoryMb: resolutionsMemoryMb,
  },
  scales: {
    schema: "hinas.scales",
    betaShape: (layers, widthLevels) => ({
      rows: layers,
      columns: Array.from({ length: widthLevels }, (_, level) => `width level ${level}`),
    }),
    possible: (space) => Array.from({ length: space.layers }, () => space.widthFactors.map(() => true)),
    findPath: chooseLevels,
    moveAlong: ({ widthFactors }, path) =>
      path.map((chosen) => widthFactors.map((_, level) => (level === chosen ? 1 : 0))),
    untrainedProduct: (path, widthLevels) => widthLevels ** -path.length,
    blockPx: ({ unshuffle, layers }) => unshuffle * 2 ** (scalesOfLayers(layers) - 1),
    cells: scalesCells,
    parameters: scalesParameters,
    cost: scalesCost,
    memoryMb: scalesMemoryMb,
  },
};

/** Finds the outer space of a search space. */
export function outerSpaceOf({ kind }: Pick<SearchSpace, "kind">): OuterSpace {
  return OUTER_SPACES[kind];
}
