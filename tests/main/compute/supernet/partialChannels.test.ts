import { describe, expect, it } from "vitest";

import { startEngine } from "#main/compute/engine/engine.ts";
import { initialiseParameters } from "#main/compute/layers/parameters.ts";
import { shuffledPlaces } from "#main/compute/supernet/partialChannels.ts";
import { outerSpaceOf } from "#shared/space/spaces/outerSpaces.ts";
import { searchSpaceSchema } from "#shared/space/spaces/searchSpace.ts";
import { mixedChannels } from "#shared/space/spaces/supernetCosts.ts";

import { drawNumbers } from "#tests/helpers/drawTensor.ts";
import { drawArchWeights, predict, walkBack } from "#tests/main/compute/supernet/tinySupernet.ts";

const { kernels } = await startEngine();

const spaceOf = (settings: object) =>
  searchSpaceSchema.parse({ layers: 1, nodes: 2, filters: 6, widthFactors: [1], ...settings });
const SHAPE = [1, 8, 8, 1] as const;

const optionsOf = (settings: object) => {
  const space = spaceOf(settings);
  const weights = initialiseParameters(outerSpaceOf(space).parameters(space), 1);
  return { kernels, space, weights, arch: drawArchWeights(space), noisy: drawNumbers(64, 3, 0.3), shape: SHAPE };
};

describe("partial channels", () => {
  it("take one channel of each group in turn, as a shuffle of whole groups does", () => {
    // Eight channels in four groups of two, written as a matrix and read by its columns: 0 2 4 6 1 3 5 7.
    expect(shuffledPlaces({ channels: 8, mixed: 2 })).toEqual([0, 4, 1, 5, 2, 6, 3, 7]);
    expect(shuffledPlaces({ channels: 5, mixed: 1 })).toEqual([0, 1, 2, 3, 4]);
    expect(shuffledPlaces({ channels: 7, mixed: 3 }).toSorted()).toEqual([0, 1, 2, 3, 4, 5, 6]);
  });

  it("have smaller filters", () => {
    expect(mixedChannels({ partialChannels: 4 }, 10)).toBe(2);
    expect(mixedChannels({ partialChannels: 8 }, 6)).toBe(1);
    const countOf = (partialChannels: number) =>
      outerSpaceOf(spaceOf({})).cost(spaceOf({ partialChannels })).parameters;
    expect(countOf(3)).toBeLessThan(countOf(1));
  });

  it("let an edge of skips give every channel once, times the weight of the edge", () => {
    // One node whose edges are skips: the node is a permutation of the weighed sum of its states, whatever goes through mixed ops.
    const skips = { nodes: 1, primitives: ["skip_connect"] };
    const whole = optionsOf(skips);
    const arch = { ...whole.arch, op: [[[0.7], [0.3]]] };
    const predicted = (partialChannels: number) => predict({ ...optionsOf({ ...skips, partialChannels }), arch });
    // With groups of one channel the shuffle leaves every channel where it was.
    const [all, sixth] = [predicted(1), predicted(6)];
    sixth.forEach((value, index) => expect(value).toBeCloseTo(all[index] ?? NaN, 4));
  });

  it.each([false, true])("have the gradients by op weights that finite differences give, recompute %s", (recompute) => {
    const options = optionsOf({ partialChannels: 3, primitives: ["conv_3x3", "skip_connect", "none"] });
    const seed = drawNumbers(64, 5, 1);
    const { byArch } = walkBack(options, seed, recompute);
    const objective = (edge: number, primitive: number, step: number): number => {
      const op = options.arch.op.map((layer) =>
        layer.map((row, e) => row.map((weight, p) => (e === edge && p === primitive ? weight + step : weight))),
      );
      const predicted = predict({ ...options, arch: { ...options.arch, op } });
      return predicted.reduce((sum, value, index) => sum + value * (seed[index] ?? NaN), 0);
    };
    const gradient = byArch.op[0]!;
    const scale = Math.max(...gradient.flat().map(Math.abs));
    for (const [edge, primitive] of [
      [0, 0],
      [1, 1],
      [3, 2],
      [4, 0],
    ] as const) {
      const step = 1e-2;
      const slope = (objective(edge, primitive, step) - objective(edge, primitive, -step)) / (2 * step);
      expect(Math.abs(slope - gradient[edge]![primitive]!) / scale).toBeLessThan(0.03);
    }
  });
});
