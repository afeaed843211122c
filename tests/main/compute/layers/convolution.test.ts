import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";

import type { Shape4D } from "#main/compute/kernels/kernels.ts";
import { convolve, convolveDepthwise } from "#main/compute/layers/convolution.ts";
import { checkGradient } from "#main/compute/layers/gradientCheck.ts";
import type { Computation } from "#main/compute/layers/gradientCheck.ts";
import { convolveSeparable } from "#main/compute/layers/separable.ts";
import { Tape } from "#main/compute/layers/tape.ts";
import type { Value } from "#main/compute/layers/tape.ts";

import { drawTensor } from "#tests/helpers/drawTensor.ts";
import { listKernels } from "#tests/helpers/kernelCases.ts";
import { countLeaks } from "#tests/helpers/tensors.ts";

const TOLERANCE = 1e-3;

describe.each(await listKernels())("convolutions on $name", ({ kernels }) => {
  function measure(shapes: readonly Shape4D[], compute: Computation): number {
    const inputs = shapes.map((shape, index) => drawTensor(shape, index + 1, index === 0 ? 1 : 0.3));
    const error = checkGradient(kernels, inputs, compute);
    tf.dispose(inputs);
    return error;
  }

  it.each([
    [[2, 7, 6, 3], [3, 3, 3, 2], 1],
    [[2, 7, 9, 3], [1, 1, 3, 4], 1],
    [[1, 7, 9, 2], [5, 5, 2, 2], 2],
    [[1, 19, 35, 2], [3, 3, 2, 2], 16],
  ] as const)("send the right gradients from %j through %j, dilation %d", (x, filter, dilation) => {
    const error = measure([x, filter], (tape, [input, weights]) =>
      convolve(tape, input as Value, weights as Value, dilation),
    );
    expect(error).toBeLessThan(TOLERANCE);
  });

  it.each([
    [[2, 7, 6, 3], [3, 3, 3, 1], 1],
    [[2, 7, 6, 3], [5, 5, 3, 2], 1],
    [[1, 7, 9, 2], [3, 3, 2, 3], 2],
    [[1, 19, 35, 2], [3, 3, 2, 1], 16],
  ] as const)("send the right gradients from %j through %j depthwise, dilation %d", (x, filter, dilation) => {
    const error = measure([x, filter], (tape, [input, weights]) =>
      convolveDepthwise(tape, input as Value, weights as Value, dilation),
    );
    expect(error).toBeLessThan(TOLERANCE);
  });

  const separable: readonly Shape4D[] = [
    [2, 7, 6, 3],
    [3, 3, 3, 2],
    [1, 1, 6, 4],
  ];

  it.each([1, 2])(
    "send the right gradients through a depthwise and a pointwise filter at once, dilation %d",
    (dilation) => {
      const error = measure(separable, (tape, [x, depthwise, pointwise]) =>
        convolveSeparable(tape, x as Value, depthwise as Value, pointwise as Value, dilation),
      );
      expect(error).toBeLessThan(TOLERANCE);
    },
  );

  it.each([1, 2])("give at once what depthwise and pointwise give one after the other, dilation %d", (dilation) => {
    tf.tidy(() => {
      const tape = new Tape(kernels, false);
      const [x, depthwise, pointwise] = separable.map((shape, i) => tape.leaf(drawTensor(shape, i), false)) as [
        Value,
        Value,
        Value,
      ];
      const apart = convolve(tape, convolveDepthwise(tape, x, depthwise, dilation), pointwise);
      const atOnce = convolveSeparable(tape, x, depthwise, pointwise, dilation);
      expect([...atOnce.tensor.dataSync()]).toEqual([...apart.tensor.dataSync()]);
    });
  });

  it.each([0, 1, 2])("compute only the gradient that is wanted: input %d of three", async (wanted) => {
    const run = (): void => {
      const tape = new Tape(kernels, true);
      const tensors = separable.map((shape, i) => drawTensor(shape, i));
      const leaves = tensors.map((tensor, i) => tape.leaf(tensor, i === wanted)) as [Value, Value, Value];
      const y = convolveSeparable(tape, ...leaves);
      tape.backward(y, tf.onesLike(y.tensor));
      const gradients = leaves.map((leaf) => tape.takeGradient(leaf));
      expect(gradients.map((gradient) => gradient !== null)).toEqual([0, 1, 2].map((i) => i === wanted));
      tf.dispose([...tensors, ...gradients.filter((gradient) => gradient !== null)]);
    };
    expect(await countLeaks(run)).toBe(0);
  });
});
