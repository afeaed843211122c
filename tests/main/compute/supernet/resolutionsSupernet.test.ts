import { describe, expect, it } from "vitest";

import { PortableKernels } from "#main/compute/kernels/portableKernels.ts";
import { initialiseParameters } from "#main/compute/layers/parameters.ts";
import type { ArchWeightGradients, ArchWeights } from "#main/compute/supernet/archLeaves.ts";
import { outerSpaceOf } from "#shared/space/spaces/outerSpaces.ts";
import { searchSpaceSchema } from "#shared/space/spaces/searchSpace.ts";

import { largestDifference } from "#tests/helpers/arrays.ts";
import { drawNumbers } from "#tests/helpers/drawTensor.ts";
import { findWrongSlopes, type Part } from "#tests/helpers/finiteDifferences.ts";
import { largestPadding, maskOf, partsOf } from "#tests/helpers/parameterParts.ts";
import { makeSmoothKernels } from "#tests/helpers/smoothKernels.ts";
import { countLeaks } from "#tests/helpers/tensors.ts";

import { drawArchWeights, type PassOptions, predict, walkBack } from "./tinySupernet.ts";

/** Differences of 32-bit numbers through all of a supernet do not get closer. */
const TOLERANCE = 2e-2;
const STEP = 3e-3;

const [height, width] = [4, 6];
const shape = [2, height, width, 1] as const;
const seed = drawNumbers(2 * height * width, 2);

/** Two levels and two layers: ways that stay, go down and come up again. */
function optionsOf(cellSharing: boolean) {
  const space = searchSpaceSchema.parse({
    ...{ kind: "resolutions", layers: 2, nodes: 1, filters: 2, widthFactors: [1, 1.5], cellSharing },
    ...{ primitives: ["conv_3x3", "skip_connect", "none"], stemChannels: 3 },
  });
  const specs = outerSpaceOf(space).parameters(space);
  const weights = initialiseParameters(specs, 1);
  const arch = drawArchWeights(space);
  return { specs, space, weights, arch, noisy: drawNumbers(2 * height * width, 1), shape };
}

function flatten({ op, move }: ArchWeights | ArchWeightGradients): Float32Array {
  return Float32Array.from([...op.flat(2), ...move.flat()]);
}

function unflatten(row: Float32Array, like: ArchWeights): ArchWeights {
  let next = 0;
  const take = (values: readonly number[]): number[] => values.map(() => row[next++] ?? NaN);
  return { op: like.op.map((layer) => layer.map(take)), move: like.move.map(take) };
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

const smooth = await makeSmoothKernels();

describe.each([true, false])("the supernet of resolutions, cells shared: %s", (cellSharing) => {
  const { specs, ...given } = optionsOf(cellSharing);
  const options: PassOptions = { ...given, kernels: smooth };
  const weigh = (changed: Partial<PassOptions>): number =>
    predict({ ...options, ...changed }).reduce((sum, value, index) => sum + value * (seed[index] ?? 0), 0);

  it("sends the right gradients of weight variables, op weights and move weights, and leaves nothing behind", async () => {
    const { byWeights, byArch, predicted } = walkBack(options, seed, false);
    const weights = { at: options.weights, gradient: byWeights, step: STEP };
    const byWeight = (row: Float32Array): number => weigh({ weights: row });
    const parts = joinCells(partsOf(specs));
    expect(findWrongSlopes({ ...weights, objective: byWeight }, parts, maskOf(specs), TOLERANCE)).toEqual([]);
    expect(largestPadding(specs, byWeights)).toBe(0);

    const at = flatten(options.arch);
    const arch = { at, gradient: flatten(byArch), step: STEP };
    const byRow = (row: Float32Array): number => weigh({ arch: unflatten(row, options.arch) });
    const ops = options.arch.op.flat(2).length;
    const both = [
      { name: "op weights", from: 0, to: ops },
      { name: "move weights", from: ops, to: at.length },
    ];
    expect(
      findWrongSlopes({ ...arch, objective: byRow }, both, new Float32Array(at.length).fill(1), TOLERANCE),
    ).toEqual([]);

    const again = walkBack(options, seed, true);
    expect(largestDifference(again.predicted, predicted)).toBe(0);
    expect(await countLeaks(() => walkBack(options, seed, false))).toBe(0);
  });

  it("gives the same picture on the portable kernels", () => {
    const { leakyRelu, leakyReluGradient } = smooth;
    const portable = Object.assign(new PortableKernels(), { leakyRelu, leakyReluGradient });
    expect(largestDifference(predict({ ...options, kernels: portable }), predict(options))).toBeLessThan(1e-4);
  });
});
