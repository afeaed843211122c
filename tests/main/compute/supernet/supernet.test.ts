import { describe, expect, it } from "vitest";

import { startEngine } from "#main/compute/engine/engine.ts";
import { PortableKernels } from "#main/compute/kernels/portableKernels.ts";
import { initialiseParameters } from "#main/compute/layers/parameters.ts";
import type { ArchWeights, ArchWeightGradients } from "#main/compute/supernet/archLeaves.ts";
import { searchSpaceSchema } from "#shared/space/spaces/searchSpace.ts";
import { supernetParameters } from "#shared/space/spaces/widths/supernetParameters.ts";

import { largestDifference } from "#tests/helpers/arrays.ts";
import { drawNumbers } from "#tests/helpers/drawTensor.ts";
import { findWrongSlopes } from "#tests/helpers/finiteDifferences.ts";
import type { Part } from "#tests/helpers/finiteDifferences.ts";
import { largestPadding, maskOf, partsOf } from "#tests/helpers/parameterParts.ts";
import { relativeError } from "#tests/helpers/referenceFixtures.ts";
import { makeSmoothKernels } from "#tests/helpers/smoothKernels.ts";
import { countLeaks } from "#tests/helpers/tensors.ts";

import { TINY_SPACE, drawArchWeights, predict, walkBack } from "./tinySupernet.ts";
import type { PassOptions } from "./tinySupernet.ts";

/** Differences of 32-bit numbers through all of a supernet do not get closer. */
const TOLERANCE = 2e-2;
const STEP = 3e-3;

const { kernels } = await startEngine();
const specs = supernetParameters(TINY_SPACE);
const shape = [2, 9, 11, 1] as const;
const seed = drawNumbers(2 * 9 * 11, 2);
const options: PassOptions = {
  kernels,
  space: TINY_SPACE,
  weights: initialiseParameters(specs, 1),
  arch: drawArchWeights(TINY_SPACE),
  noisy: drawNumbers(2 * 9 * 11, 1),
  shape,
};

/** The number whose gradient `walkBack` computes from `seed`. */
function weigh(options: PassOptions): number {
  return predict(options).reduce((sum, value, i) => sum + value * (seed[i] ?? 0), 0);
}

/** Joins the filters of each cell, which lie side by side, into one part. */
function joinCells(parts: readonly Part[]): Part[] {
  const joined = new Map<string, Part>();
  for (const { name, from, to } of parts) {
    const group = /^cell\.layer_\d+\.width_\d+/.exec(name)?.[0] ?? name;
    joined.set(group, { name: group, from: joined.get(group)?.from ?? from, to });
  }
  return [...joined.values()];
}

/** Op weights and then move weights in one row. */
function flatten({ op, move }: ArchWeights | ArchWeightGradients): Float32Array {
  return Float32Array.from([...op.flat(2), ...move.flat()]);
}

function unflatten(row: Float32Array, like = options.arch): ArchWeights {
  let next = 0;
  const take = (values: readonly number[]): number[] => values.map(() => row[next++] ?? NaN);
  return { op: like.op.map((layer) => layer.map(take)), move: like.move.map(take) };
}

describe("the gradients of runSupernet, with an activation that has no kink", async () => {
  const smooth: PassOptions = { ...options, kernels: await makeSmoothKernels() };
  const { byWeights, byArch } = walkBack(smooth, seed, false);

  it("sends the right gradient of every weight variable", () => {
    const claim = {
      at: options.weights,
      gradient: byWeights,
      objective: (weights: Float32Array) => weigh({ ...smooth, weights }),
      step: STEP,
    };
    expect(findWrongSlopes(claim, joinCells(partsOf(specs)), maskOf(specs), TOLERANCE)).toEqual([]);
  });

  it("sends the right gradient of every op weight and move weight", () => {
    const at = flatten(options.arch);
    const claim = {
      at,
      gradient: flatten(byArch),
      objective: (row: Float32Array) => weigh({ ...smooth, arch: unflatten(row) }),
      step: STEP,
    };
    const ops = TINY_SPACE.primitives.length;
    const edges = options.arch.op.flat().map((_, i) => ({ name: `edge ${i}`, from: i * ops, to: (i + 1) * ops }));
    const start = edges.length * ops;
    const routers = options.arch.move.map((_, i) => ({
      name: `router ${i}`,
      from: start + i * 3,
      to: start + i * 3 + 3,
    }));
    expect(findWrongSlopes(claim, [...edges, ...routers], new Float32Array(at.length).fill(1), TOLERANCE)).toEqual([]);
  });
});

describe("runSupernet", () => {
  const { predicted, byWeights, byArch } = walkBack(options, seed, false);

  it("gives op weights of none, and moves off the edge of the trellis, no gradient", () => {
    const none = TINY_SPACE.primitives.indexOf("none");
    expect(byArch.op.flat().map((edge) => edge[none])).toEqual(byArch.op.flat().map(() => 0));
    expect(byArch.move[0]?.[0]).toBe(0);
  });

  it("keeps channels that only fill up at zero: no gradient reaches them", () => {
    expect(largestPadding(specs, options.weights)).toBe(0);
    expect(largestPadding(specs, byWeights)).toBe(0);
    expect(byWeights.filter((value) => value !== 0).length).toBeGreaterThan(
      maskOf(specs).reduce((a, b) => a + b, 0) / 2,
    );
  });

  it("gives the same numbers whether it remembers cells or computes them again", () => {
    const again = walkBack(options, seed, true);
    expect(largestDifference(again.predicted, predicted)).toBe(0);
    expect(largestDifference(predict(options), predicted)).toBe(0);
    // Sums of several gradients may be taken in another order.
    expect(relativeError(again.byWeights, byWeights)).toBeLessThan(1e-5);
    expect(relativeError(flatten(again.byArch), flatten(byArch))).toBeLessThan(1e-5);
  });

  it("gives the same picture on the portable kernels", () => {
    expect(largestDifference(predict({ ...options, kernels: new PortableKernels() }), predicted)).toBeLessThan(1e-4);
  });

  it.each([
    { layers: 1, nodes: 1, filters: 1, widthFactors: [1], primitives: ["skip_connect"] },
    { layers: 1, nodes: 3, filters: 3, widthFactors: [1, 2, 3, 4], primitives: ["none", "sep_conv_3x3"] },
    { layers: 4, nodes: 1, filters: 2, widthFactors: [1, 1.5, 2], primitives: ["conv_3x3", "none"] },
  ])("keeps height and width in a space of $layers layers, $nodes nodes and widths $widthFactors", (sizes) => {
    const space = searchSpaceSchema.parse(sizes);
    const weights = initialiseParameters(supernetParameters(space), 1);
    const output = predict({ ...options, space, weights, arch: drawArchWeights(space) });
    expect(output.length).toBe(2 * 9 * 11);
    expect(output.every(Number.isFinite)).toBe(true);
  });

  it.each([false, true])("leaves no tensor behind, recompute %s", async (recompute) => {
    expect(await countLeaks(() => walkBack(options, seed, recompute))).toBe(0);
    expect(await countLeaks(() => predict(options))).toBe(0);
  });
});

describe("runSupernet with colour, a noise map, half resolution and a sigmoid at the end", () => {
  const space = searchSpaceSchema.parse({
    ...{
      layers: 2,
      nodes: 1,
      filters: 2,
      widthFactors: [1, 1.5],
      primitives: ["conv_3x3", "sep_conv_3x3", "skip_connect"],
    },
    ...{ imageChannels: 3, noiseMap: true, unshuffle: 2, stemChannels: 6, output: "sigmoid" },
  });
  const ownSpecs = supernetParameters(space);
  // At half resolution still larger than the reach of the atrous branch.
  const size = 36 * 40;
  const ownSeed = drawNumbers(3 * size, 2);
  const own: PassOptions = {
    kernels,
    space,
    weights: initialiseParameters(ownSpecs, 1),
    arch: drawArchWeights(space),
    noisy: drawNumbers(3 * size, 1),
    noiseMap: drawNumbers(size, 3).map(Math.abs),
    shape: [1, 36, 40, 3],
  };
  const objectiveOf = (given: PassOptions): number =>
    predict(given).reduce((sum, value, i) => sum + value * (ownSeed[i] ?? 0), 0);

  it("predicts a picture of the noisy one's form, within 0 to 1, that depends on the noise map", () => {
    const output = predict(own);
    expect(output.length).toBe(3 * size);
    expect(Math.min(...output)).toBeGreaterThan(0);
    expect(Math.max(...output)).toBeLessThan(1);
    // A norm takes what all pixels have in common away: the map must differ from place to place.
    const other = predict({ ...own, noiseMap: drawNumbers(size, 4).map(Math.abs) });
    expect(largestDifference(output, other)).toBeGreaterThan(1e-3);
  });

  it("sends the right gradient of every weight, op weight and move weight, recomputed or not", async () => {
    const smoothOwn = { ...own, kernels: await makeSmoothKernels() };
    for (const recompute of [false, true]) {
      const { byWeights, byArch } = walkBack(smoothOwn, ownSeed, recompute);
      const byWeight = {
        at: own.weights,
        gradient: byWeights,
        objective: (weights: Float32Array) => objectiveOf({ ...smoothOwn, weights }),
        step: STEP,
      };
      expect(findWrongSlopes(byWeight, joinCells(partsOf(ownSpecs)), maskOf(ownSpecs), TOLERANCE)).toEqual([]);
      const at = flatten(own.arch);
      const byArchWeight = {
        at,
        gradient: flatten(byArch),
        objective: (row: Float32Array) => objectiveOf({ ...smoothOwn, arch: unflatten(row, own.arch) }),
        step: STEP,
      };
      const whole = [{ name: "arch weights", from: 0, to: at.length }];
      expect(findWrongSlopes(byArchWeight, whole, new Float32Array(at.length).fill(1), TOLERANCE)).toEqual([]);
    }
  });

  it("refuses to run without its noise map, and leaves no tensor behind", async () => {
    const { weights, arch, noisy, shape: ownShape } = own;
    const withoutMap = { kernels, space, weights, arch, noisy, shape: ownShape };
    expect(() => predict(withoutMap)).toThrow("the plane noise_map must be given");
    expect(await countLeaks(() => walkBack(own, ownSeed, true))).toBe(0);
  });
});
