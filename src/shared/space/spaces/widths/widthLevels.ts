import { at } from "#shared/at.ts";
import type { SearchSpace } from "#shared/space/spaces/searchSpace.ts";

/** Columns of beta by name, in order. */
export const MOVES = ["narrower", "same", "wider"] as const;
export type Move = (typeof MOVES)[number];

/** The change of width level that each move makes. */
export const MOVE_STEPS: Readonly<Record<Move, number>> = { narrower: -1, same: 0, wider: 1 };

/** One row of beta: the router that sends what enters `layer` from width level `level`, and the moves it can make. */
export interface Router {
  readonly layer: number;
  readonly level: number;
  readonly moves: Readonly<Record<Move, boolean>>;
}

/** What fixes the channels of every width level: channels at width factor 1, and the factors. */
export interface Widths {
  readonly filters: number;
  readonly widthFactors: readonly number[];
}

/** Returns the channels that a cell at width level `level` works on: floor(filters * factor) (science: int(F * factor)). */
export function channelsOfLevel(widths: Widths, level: number): number {
  const factor = widths.widthFactors[level];
  if (factor === undefined) {
    throw new RangeError(
      `channelsOfLevel: level must be below ${widths.widthFactors.length} (the width factors), got ${level}`,
    );
  }
  return Math.floor(widths.filters * factor);
}

/** Counts the width levels that layer `layer` (from 0) owns a cell at; each layer can widen by one level. */
export function levelCountOfLayer(layer: number, widthLevels: number): number {
  return Math.min(widthLevels, layer + 2);
}

/** Counts the width levels that feed layer `layer` (from 0): the stem at level 0, later the levels of the layer before. */
export function sourceLevelCount(layer: number, widthLevels: number): number {
  return layer === 0 ? 1 : levelCountOfLayer(layer - 1, widthLevels);
}

/** Lists the routers in the order of beta's rows: by the layer they feed, then by the width level they read. */
export function routersOf(space: Pick<SearchSpace, "layers" | "widthFactors">): Router[] {
  const widthLevels = space.widthFactors.length;
  return Array.from({ length: space.layers }, (_, layer) =>
    Array.from({ length: sourceLevelCount(layer, widthLevels) }, (_, level): Router => ({
      layer,
      level,
      moves: movesFrom(level, widthLevels),
    })),
  ).flat();
}

/** Gives each move of a path of width levels, which begins at level 0, all the weight, and every other none: `[routers, 3]`. */
export function moveAlongPath(
  space: Pick<SearchSpace, "layers" | "widthFactors">,
  path: readonly number[],
): readonly (readonly number[])[] {
  return routersOf(space).map(({ layer, level }) => {
    const from = layer === 0 ? 0 : at(path, layer - 1, "width path");
    const step = at(path, layer, "width path") - level;
    return MOVES.map((move) => (level === from && MOVE_STEPS[move] === step ? 1 : 0));
  });
}

function movesFrom(level: number, widthLevels: number): Readonly<Record<Move, boolean>> {
  return { narrower: level > 0, same: true, wider: level + 1 < widthLevels };
}

/** The product of move weights along a width path where all moves that each router can make weigh the same. */
export function untrainedPathProduct(path: readonly number[], widthLevels: number): number {
  const sources = [0, ...path.slice(0, -1)];
  return sources.reduce((product, level) => {
    const moves = movesFrom(level, widthLevels);
    return product / MOVES.filter((move) => moves[move]).length;
  }, 1);
}

/** Counts the rows of beta: 6 for 3 layers and 3 width levels, 9 for 4 layers. */
export function routerCount(layers: number, widthLevels: number): number {
  let count = 0;
  for (let layer = 0; layer < layers; layer++) count += sourceLevelCount(layer, widthLevels);
  return count;
}

/**
 * Returns the layer whose output the decoder's skip branch reads: the last layer at width level 0, or null where that
 * is the final layer or no layer is at level 0 (the reduced stem is read instead).
 */
export function endpointLayer(widthPath: readonly number[]): number | null {
  const layer = widthPath.lastIndexOf(0);
  return layer === -1 || layer === widthPath.length - 1 ? null : layer;
}
