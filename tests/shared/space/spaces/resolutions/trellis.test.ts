import { describe, expect, it } from "vitest";

import { createRandom } from "#shared/random/createRandom.ts";
import { findResolutionPath } from "#shared/space/spaces/resolutions/trellis.ts";

type Beta = readonly (readonly number[])[];

/** A trellis of random size and logits; arrows off it have -50. */
function drawTrellis(seed: number): { beta: number[][]; layers: number; levels: number } {
  const random = createRandom(seed, "trellis");
  const layers = 1 + random.integer(6);
  const levels = 1 + random.integer(6);
  const beta = Array.from({ length: layers }, (_, layer) =>
    Array.from({ length: Math.min(levels, layer + 1) }, (_, level) =>
      [level - 1, level, level + 1].map((to) => (to >= 0 && to < levels ? 3 * random.gaussian() : -50)),
    ),
  ).flat();
  return { beta, layers, levels };
}

/** Every path with its product, one after the other and without the code under test. */
function allProducts(beta: Beta, layers: number, levels: number, scaled: boolean): Map<string, number> {
  let open = [{ path: [] as number[], product: 1 }];
  let firstRow = 0;
  for (let layer = 0; layer < layers; layer++) {
    open = open.flatMap(({ path, product }) => {
      const from = path.at(-1) ?? 0;
      const targets = [from - 1, from, from + 1].filter((to) => to >= 0 && to < levels);
      const powers = targets.map((to) => Math.exp(beta[firstRow + from]![to - from + 1]!));
      const whole = powers.reduce((sum, power) => sum + power, 0);
      const share = scaled && targets.length === 2 ? 2 / 3 : 1;
      return targets.map((to, index) => ({ path: [...path, to], product: (product * share * powers[index]!) / whole }));
    });
    firstRow += Math.min(levels, layer + 1);
  }
  return new Map(open.map(({ path, product }) => [path.join(), product]));
}

describe("the path through a trellis of resolutions", () => {
  it.each([false, true])(
    "is the one that trying all finds, on 1,000 random trellises; two arrows scaled: %s",
    (scaled) => {
      const wrong: string[] = [];
      for (let seed = 0; seed < 1000; seed++) {
        const { beta, layers, levels } = drawTrellis(seed);
        const products = allProducts(beta, layers, levels, scaled);
        const best = Math.max(...products.values());
        const { path, trellis } = findResolutionPath(beta, { layers, levels, scaleTwoArrows: scaled });
        const found = products.get(path.join()) ?? NaN;
        const claimed = Math.max(...trellis.at(-1)!.map(({ product }) => product));
        if (!(found > best * (1 - 1e-9)) || Math.abs(claimed - best) > 1e-9 * best)
          wrong.push(`seed ${seed}: ${path.join()}`);
      }
      expect(wrong).toEqual([]);
    },
  );

  it("no longer favours the edge in an untrained trellis where rows of two arrows count two thirds", () => {
    const beta = [[-50, 0, 0], [-50, 0, 0], [0, 0, 0], [-50, 0, 0], [0, 0, 0], [0, 0, -50]]; // prettier-ignore
    const settings = { layers: 3, levels: 3 };
    const productAt = (scaleTwoArrows: boolean, level: number): number =>
      findResolutionPath(beta, { ...settings, scaleTwoArrows }).trellis[2]?.[level]?.product ?? NaN;
    expect(productAt(false, 0)).toBeCloseTo(1 / 8, 12);
    expect(productAt(false, 2)).toBeCloseTo(1 / 12, 12);
    expect(productAt(true, 0)).toBeCloseTo(1 / 27, 12);
    expect(productAt(true, 2)).toBeCloseTo(1 / 27, 12);
  });
});
