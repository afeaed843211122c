import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { softmax } from "#shared/space/cells/softmax.ts";
import { findWidthPath } from "#shared/space/spaces/widths/viterbi.ts";

import { searchOutcomes } from "#tests/shared/space/arbitraries.ts";

const rowOutcomes = searchOutcomes.filter(({ kind }) => kind === "widths");

/** Product of the move weights along a path, looked up router by router. */
function productOf(path: readonly number[], beta: readonly (readonly number[])[], widthLevels: number): number {
  let [product, level, firstRow] = [1, 0, 0];
  for (const [layer, next] of path.entries()) {
    product *= softmax(beta[firstRow + level] ?? [])[next - level + 1] ?? NaN;
    firstRow += Math.min(layer + 1, widthLevels);
    level = next;
  }
  return product;
}

function allPaths(layers: number, widthLevels: number): number[][] {
  let paths: number[][] = [[]];
  for (let layer = 0; layer < layers; layer++) {
    paths = paths.flatMap((path) => {
      const level = path.at(-1) ?? 0;
      return [level - 1, level, level + 1].filter((to) => to >= 0 && to < widthLevels).map((to) => [...path, to]);
    });
  }
  return paths;
}

describe("width path", () => {
  it("has the largest product of all paths through the trellis", () => {
    fc.assert(
      fc.property(rowOutcomes, ({ logits: { alpha, beta }, widthFactors }) => {
        const levels = widthFactors.length;
        const { path, trellis } = findWidthPath(beta, alpha.length, levels);
        const best = Math.max(...allPaths(alpha.length, levels).map((other) => productOf(other, beta, levels)));
        expect(path).toHaveLength(alpha.length);
        expect(productOf(path, beta, levels)).toBeCloseTo(best, 12);
        expect(Math.max(...(trellis.at(-1) ?? []).map(({ product }) => product))).toBeCloseTo(best, 12);
      }),
    );
  });

  it("counts 12 paths for the journal space and 29 for the conference space, as many as the trellis allows", () => {
    expect([allPaths(3, 3).length, allPaths(4, 3).length]).toEqual([12, 29]);
  });

  it("stays narrow where everything ties", () => {
    const beta = Array.from({ length: 6 }, () => [0, 0, 0]);
    expect(findWidthPath(beta, 3, 3).path).toEqual([0, 0, 0]);
  });

  it("prefers the narrower source of two equal ways to the same level", () => {
    const strong = [-50, 0, 0];
    const beta = [strong, strong, [-50, 0, 0]];
    const [, last] = findWidthPath(beta, 2, 2).trellis;
    expect(last?.[1]).toMatchObject({ level: 1, from: 0 });
  });

  it("finds a way even where all products vanish", () => {
    const beta = [
      [-50, -2000, 0],
      [-50, -2000, -50],
      [0, -2000, -2000],
    ];
    expect(findWidthPath(beta, 2, 2).path).toEqual([1, 0]);
  });
});
