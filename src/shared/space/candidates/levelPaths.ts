import { at } from "#shared/at.ts";
import type { Random } from "#shared/random/random.ts";
import type { SearchSpace } from "#shared/space/spaces/searchSpace.ts";

/** The width paths that a space allows. */
interface LevelPaths {
  readonly count: number;
  has(path: readonly number[]): boolean;
  /** Draws one; all are equally likely. */
  sample(random: Random): number[];
}

/** Lists the width paths of a space: on a row the level changes by one at most, from the stem's level 0 on; on a U it is free. */
export function listLevelPaths({
  kind,
  layers,
  widthFactors,
}: Pick<SearchSpace, "kind" | "layers" | "widthFactors">): LevelPaths {
  const levels = widthFactors.map((_, level) => level);
  const isStep = (from: number, to: number): boolean => kind === "scales" || Math.abs(from - to) <= 1;
  // waysOn[layer][level]: how many ways there are from a level of a layer to the end.
  let after = levels.map(() => 1);
  const waysOn = [after];
  for (let layer = layers - 1; layer > 0; layer--) {
    const next = after;
    after = levels.map((from) => sum(levels.map((to) => (isStep(from, to) ? at(next, to, "ways") : 0))));
    waysOn.unshift(after);
  }
  const optionsFrom = (from: number, layer: number): number[] =>
    levels.map((to) => (isStep(from, to) ? at(at(waysOn, layer, "ways"), to, "ways") : 0));
  return {
    count: sum(optionsFrom(0, 0)),
    has: (path) => path.every((level, layer) => isStep(layer === 0 ? 0 : at(path, layer - 1, "path"), level)),
    sample: (random) => {
      const path: number[] = [];
      for (let layer = 0; layer < layers; layer++)
        path.push(drawWeighted(optionsFrom(path.at(-1) ?? 0, layer), random));
      return path;
    },
  };
}

/** Draws an index with a chance in proportion to its weight. */
export function drawWeighted(weights: readonly number[], random: Random): number {
  let left = random.uniform() * sum(weights);
  const found = weights.findIndex((weight) => (left -= weight) < 0);
  // Rounding may leave nothing at the very end.
  return found === -1 ? weights.findLastIndex((weight) => weight > 0) : found;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
