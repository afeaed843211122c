import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";

import { startEngine } from "#main/compute/engine/engine.ts";
import { initialiseParameters } from "#main/compute/layers/parameters.ts";
import { Tape } from "#main/compute/layers/tape.ts";
import { countSkips, SkipMasks } from "#main/compute/supernet/skipMasks.ts";
import { outerSpaceOf } from "#shared/space/spaces/outerSpaces.ts";
import { searchSpaceSchema } from "#shared/space/spaces/searchSpace.ts";

import { drawNumbers } from "#tests/helpers/drawTensor.ts";
import { makeSmoothKernels } from "#tests/helpers/smoothKernels.ts";
import { countLeaks } from "#tests/helpers/tensors.ts";
import { drawArchWeights, predict, walkBack } from "#tests/main/compute/supernet/tinySupernet.ts";

const { kernels } = await startEngine();
const smooth = await makeSmoothKernels();

/** Two edges into the one node of a cell, each from an input of the cell. */
const SMALL = { layers: 1, nodes: 1, filters: 3, widthFactors: [1] };

const optionsOf = (settings: object, pictures: number) => {
  const space = searchSpaceSchema.parse({ ...SMALL, ...settings });
  const weights = initialiseParameters(outerSpaceOf(space).parameters(space), 1);
  const noisy = drawNumbers(pictures * 64, 3, 0.3);
  return { kernels, space, weights, arch: drawArchWeights(space), noisy, shape: [pictures, 8, 8, 1] as const };
};

describe("SkipMasks", () => {
  it("reads the factors state by state and picture by picture, and repeats each over the channels of its edge", async () => {
    const leaks = await countLeaks(() => {
      const factors = tf.tensor1d([1, 2, 3, 4, 5, 6]);
      const masks = new SkipMasks(factors);
      const tape = new Tape(kernels, true);
      const first = masks.next(tape, 2, 2, 3);
      expect(first.tensor.shape).toEqual([2, 1, 1, 6]);
      expect([...first.tensor.dataSync()]).toEqual([1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4]);
      expect([...masks.next(tape, 2, 1, 1).tensor.dataSync()]).toEqual([5, 6]);
      masks.close();
      factors.dispose();
    });
    expect(leaks).toBe(0);
  });

  it.each([
    // 14 edges for four nodes: a cell for each width level of each layer, or one for each way into it.
    [{ layers: 2, nodes: 4, widthFactors: [1, 2] }, 14 * (2 + 2)],
    [{ layers: 2, nodes: 4, widthFactors: [1, 2], cellSharing: false }, 14 * (2 + 4)],
    [{ layers: 2, nodes: 1, widthFactors: [1, 2], kind: "resolutions" }, 2 * (2 + 2)],
    [{ layers: 3, nodes: 2, widthFactors: [1, 2], kind: "scales" }, 5 * 6],
  ])("has a factor for each skip of a supernet, all of them read: %j", (settings, count) => {
    const options = optionsOf({ primitives: ["skip_connect", "none"], ...settings }, 1);
    expect(countSkips(options.space)).toBe(count);
    // One factor too few could not be read.
    const run = (length: number) => predict({ ...options, skipFactors: new Float32Array(length).fill(1) });
    expect(run(count)).toEqual(predict(options));
    expect(() => run(count - 1)).toThrow();
  });
});

describe("a supernet that drops outputs of skips", () => {
  it("gives what op weights of skips give that are multiplied by the mask", () => {
    const options = { ...optionsOf({ primitives: ["conv_3x3", "skip_connect"] }, 1) };
    const withSkips = (skips: readonly number[]) => ({ ...options.arch, op: [skips.map((skip) => [0.25, skip])] });
    const masked = predict({ ...options, arch: withSkips([0.5, 0.125]), skipFactors: Float32Array.of(2, 0) });
    expect(masked).toEqual(predict({ ...options, arch: withSkips([1, 0]) }));
    expect(masked).not.toEqual(predict({ ...options, arch: withSkips([0.5, 0.125]) }));
  });

  it.each([
    [false, {}],
    [true, {}],
    [false, { partialChannels: 3 }],
  ])("has the gradients by op weights that finite differences give, recompute %s, %j", (recompute, settings) => {
    const primitives = ["conv_3x3", "skip_connect", "none"];
    const drawn = { ...optionsOf({ nodes: 2, primitives, ...settings }, 2), kernels: smooth };
    // From each of the three states: the edges of the first picture, then of the second.
    const options = { ...drawn, skipFactors: Float32Array.of(2, 0, 0, 2, 0, 2, 2, 2, 0, 2) };
    const seed = drawNumbers(128, 5, 1);
    const gradient = walkBack(options, seed, recompute).byArch.op[0]!;
    const objective = (edge: number, step: number): number => {
      const op = options.arch.op.map((layer) =>
        layer.map((row, e) => row.map((weight, p) => (e === edge && p === 1 ? weight + step : weight))),
      );
      const predicted = predict({ ...options, arch: { ...options.arch, op } });
      return predicted.reduce((sum, value, index) => sum + value * (seed[index] ?? NaN), 0);
    };
    const scale = Math.max(...gradient.flat().map(Math.abs));
    const unmasked = walkBack(drawn, seed, recompute).byArch.op[0]!;
    const step = 1e-2;
    for (const edge of [0, 1, 2, 3, 4]) {
      const slope = (objective(edge, step) - objective(edge, -step)) / (2 * step);
      expect(Math.abs(slope - gradient[edge]![1]!) / scale).toBeLessThan(0.01);
    }
    const apart = gradient.map((row, edge) => Math.abs(row[1]! - unmasked[edge]![1]!));
    expect(Math.max(...apart) / scale).toBeGreaterThan(0.1);
  });
});
