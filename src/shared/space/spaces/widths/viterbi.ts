import { softmax } from "#shared/space/cells/softmax.ts";
import { levelCountOfLayer, MOVE_STEPS, MOVES, sourceLevelCount } from "./widthLevels.ts";

/** The best way to one width level of one layer. */
export interface TrellisCell {
  readonly level: number;
  /** Product of the move weights along the best path to here. */
  readonly product: number;
  /** The width level that path comes from (0 for the first layer: the stem). */
  readonly from: number;
  /** Weight of its last move. */
  readonly moveWeight: number;
}

/** A width path and the trellis it was found in: `trellis[layer][level]`. */
export interface WidthPathSearch {
  readonly path: readonly number[];
  readonly trellis: readonly (readonly TrellisCell[])[];
}

/**
 * Finds the width path with the largest product of move weights by Viterbi, starting at width level 0 with product 1.
 * `beta` is `[routers, 3]` logits for `layers` layers, already checked; `weigh` makes move weights of a row at a level. Ties go to the narrower level: sources are
 * tried narrowest first and only a strictly larger product replaces one, at every level and at the end.
 */
export function findWidthPath(
  beta: readonly (readonly number[])[],
  layers: number,
  widthLevels: number,
  weigh: (logits: readonly number[], level: number) => readonly number[] = softmax,
): WidthPathSearch {
  const trellis: TrellisCell[][] = [];
  let products = [1];
  let firstRow = 0;
  for (let layer = 0; layer < layers; layer++) {
    const rows = beta.slice(firstRow, firstRow + sourceLevelCount(layer, widthLevels));
    const moveWeights = rows.map((row, level) => weigh(row, level));
    const cells = Array.from({ length: levelCountOfLayer(layer, widthLevels) }, (_, level) =>
      bestSource(products, moveWeights, level),
    );
    firstRow += moveWeights.length;
    products = cells.map((cell) => cell.product);
    trellis.push(cells);
  }
  return { path: traceBack(trellis), trellis };
}

function bestSource(
  products: readonly number[],
  moveWeights: readonly (readonly number[])[],
  level: number,
): TrellisCell {
  let best: TrellisCell | undefined;
  for (const [source, product] of products.entries()) {
    const column = MOVES.findIndex((move) => source + MOVE_STEPS[move] === level);
    const moveWeight = moveWeights[source]?.[column];
    if (moveWeight === undefined) continue;
    const candidate = { level, product: product * moveWeight, from: source, moveWeight };
    if (best === undefined || candidate.product > best.product) best = candidate;
  }
  if (best === undefined) throw new Error(`findWidthPath: width level ${level} can be reached from no level before it`);
  return best;
}

function traceBack(trellis: readonly (readonly TrellisCell[])[]): number[] {
  const path: number[] = [];
  let cell = trellis.at(-1)?.reduce((best, other) => (other.product > best.product ? other : best));
  for (let layer = trellis.length - 1; cell !== undefined; layer--) {
    path.unshift(cell.level);
    cell = layer > 0 ? trellis[layer - 1]?.[cell.from] : undefined;
  }
  return path;
}
