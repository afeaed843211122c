import * as tf from "@tensorflow/tfjs-core";
import type { Tensor, Tensor1D, Tensor4D } from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";

import { compileEagerly } from "#main/compute/kernels/compileEagerly.ts";
import type { Forward, Shape4D } from "#main/compute/kernels/kernels.ts";

import { largestDifference } from "#tests/helpers/arrays.ts";
import { drawTensor } from "#tests/helpers/drawTensor.ts";
import { listTensorflowKernels } from "#tests/helpers/kernelCases.ts";
import { countLeaks } from "#tests/helpers/tensors.ts";

/** Relative to the largest value. */
const TOLERANCE = 1e-5;
const [native] = await listTensorflowKernels();

const INPUTS = [
  { name: "noisy", channels: 1 },
  { name: "level", channels: 2 },
];

const SHAPES: Readonly<Record<string, Shape4D>> = {
  widen: [3, 3, 1, 8],
  dilated: [5, 5, 8, 8],
  depthwise: [3, 3, 8, 1],
  pointwise: [1, 1, 8, 8],
  narrow: [3, 3, 24, 1],
  narrowPair: [3, 3, 24, 2],
};

/** Every kernel that a network without gradients calls, sums of biases and convolutions to few channels among them. */
const forward: Forward = (kernels, planes, constants, windows) => {
  const at = (name: string): Tensor4D => constants.get(name) as Tensor4D;
  const whole = planes.get("noisy")!;
  const x = kernels.crop(whole, windows(0, 1));
  const bias = constants.get("bias") as Tensor as Tensor1D;
  const wide = kernels.leakyRelu(kernels.addBias(kernels.conv2d(x, at("widen"), 1), bias));
  const left = kernels.addBias(kernels.conv2d(wide, at("dilated"), 2), bias);
  const right = kernels.addBias(kernels.conv2d(kernels.depthwise(wide, at("depthwise"), 1), at("pointwise"), 1), bias);
  const sum = kernels.addN([left, right, wide]);
  const joined = kernels.concatChannels([kernels.addN([sum]), left, kernels.addN([right, sum])]);
  const one = kernels.subtract(kernels.crop(whole, windows(0, 1)), kernels.conv2d(joined, at("narrow"), 1));
  const level = kernels.depthToSpace(kernels.sigmoid(kernels.spaceToDepth(planes.get("level")!, 2)), 2);
  return kernels.concatChannels([one, kernels.conv2d(joined, at("narrowPair"), 1), kernels.crop(level, windows(0, 1))]);
};

function drawPlanes([batch, height, width]: readonly [number, number, number]): Map<string, Tensor4D> {
  return new Map(INPUTS.map(({ name, channels }) => [name, drawTensor([batch, height, width, channels], channels)]));
}

function drawConstants(): Map<string, Tensor> {
  const filters = Object.entries(SHAPES).map(([name, shape], index): [string, Tensor] => {
    return [name, drawTensor(shape, index, 0.3)];
  });
  return new Map([...filters, ["bias", tf.tensor1d([0.3, -0.2, 0.1, 0.4, -0.5, 0.2, 0.6, -0.1])]]);
}

describe.skipIf(native === undefined)("a computation compiled into a graph (needs the native engine)", () => {
  it.each([
    [1, 13, 18],
    [2, 5, 4],
    [1, 1, 2],
  ])("gives for a batch of %d, %d x %d, what the kernels give one by one", (batch, height, width) => {
    const constants = drawConstants();
    const graph = native!.kernels.compile(forward, constants, INPUTS);
    const eager = compileEagerly(native!.kernels, forward, constants);
    tf.dispose([...constants.values()]);
    const areas = [
      { x: 3, y: 5, width: width + 4, height: height + 3 },
      { x: 5, y: 6, width, height },
    ];
    tf.tidy(() => {
      const planes = drawPlanes([batch, height + 3, width + 4]);
      const [y, expected] = [graph.run(planes, areas), eager.run(planes, areas)];
      expect(y.shape).toEqual([batch, height, width, 5]);
      const values = expected.dataSync();
      const scale = Math.max(...values.map(Math.abs));
      expect(largestDifference(y.dataSync(), values)).toBeLessThan(TOLERANCE * scale);
    });
    graph.dispose();
    eager.dispose();
  });

  it("leaves no tensor behind", async () => {
    const run = (): void => {
      const constants = drawConstants();
      const graph = native!.kernels.compile(forward, constants, INPUTS);
      const planes = drawPlanes([1, 6, 6]);
      const whole = { x: 0, y: 0, width: 6, height: 6 };
      tf.dispose([graph.run(planes, [whole, whole]), ...planes.values(), ...constants.values()]);
      graph.dispose();
    };
    expect(await countLeaks(run)).toBe(0);
  });

  it("names the picture that a run is not given", () => {
    const graph = native!.kernels.compile((_, planes) => planes.get("noisy")!, new Map(), INPUTS);
    expect(() => graph.run(new Map(), [])).toThrow("expected a picture named noisy");
    graph.dispose();
  });
});
