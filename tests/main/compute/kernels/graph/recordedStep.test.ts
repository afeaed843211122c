import * as tf from "@tensorflow/tfjs-core";
import type { Tensor, Tensor1D, Tensor4D } from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";

import type { NamedTensors, Shape4D, Step, TrainingKernels } from "#main/compute/kernels/kernels.ts";
import { TensorflowKernels } from "#main/compute/kernels/tensorflowKernels.ts";
import { batchNorm } from "#main/compute/layers/batchNorm.ts";
import { add, addBias, concatenate, split } from "#main/compute/layers/combine.ts";
import { convolve, convolveDepthwise } from "#main/compute/layers/convolution.ts";
import { leakyRelu } from "#main/compute/layers/leakyRelu.ts";
import { recompute } from "#main/compute/layers/recompute.ts";
import { convolveSeparable } from "#main/compute/layers/separable.ts";
import { sigmoid } from "#main/compute/layers/sigmoid.ts";
import { depthToSpace, spaceToDepth } from "#main/compute/layers/spaceToDepth.ts";
import { Tape } from "#main/compute/layers/tape.ts";
import type { Value } from "#main/compute/layers/tape.ts";
import { denoisingLoss } from "#main/compute/learning/denoisingLoss.ts";
import { hasNarrowConvolutions, readProcessorFlags } from "#main/engine/processorFlags.ts";

import { largestDifference } from "#tests/helpers/arrays.ts";
import { drawTensor, drawVector } from "#tests/helpers/drawTensor.ts";
import { listKernels, listTensorflowKernels } from "#tests/helpers/kernelCases.ts";
import { countLeaks } from "#tests/helpers/tensors.ts";

const [native] = await listTensorflowKernels();
const isNarrow = hasNarrowConvolutions(readProcessorFlags());

const SHAPES: Readonly<Record<string, Shape4D>> = {
  widen: [3, 3, 1, 8],
  dilated: [5, 5, 8, 8],
  depthwise: [3, 3, 8, 1],
  pointwise: [1, 1, 8, 8],
  narrow: [3, 3, 16, 1],
};

/** Every layer once, forward and back to all its parameters. */
function stepWith(kernels: TrainingKernels): Step {
  return (inputs) => {
    const tape = new Tape(kernels, true);
    const leaf = <T extends Tensor = Tensor4D>(name: string): Value<T> => tape.leaf(inputs.get(name) as T, true);
    const leaves = new Map([...Object.keys(SHAPES), "bias"].map((name) => [name, leaf<Tensor>(name)]));
    const filter = (name: string): Value => leaves.get(name) as Value;
    const noisy = tape.leaf(inputs.get("noisy") as Tensor4D, false);
    const wide = batchNorm(tape, convolve(tape, noisy, filter("widen")), { activate: true });
    const far = convolve(tape, wide, filter("dilated"), 2);
    const near = convolveSeparable(tape, wide, filter("depthwise"), filter("pointwise"));
    const deep = spaceToDepth(tape, batchNorm(tape, add(tape, [far, near])), 2);
    const again = recompute(tape, [deep], (inner, [x]) => leakyRelu(inner, batchNorm(inner, x as Value)));
    const packed = depthToSpace(tape, again, 2);
    const gated = sigmoid(tape, addBias(tape, packed, leaves.get("bias") as Value<Tensor1D>));
    const spread = convolveDepthwise(tape, gated, filter("depthwise"));
    const [left, right] = split(tape, spread, 2) as [Value, Value];
    const joined = concatenate(tape, [right, wide, left]);
    const predicted = convolve(tape, joined, filter("narrow"));
    const loss = denoisingLoss(tape, predicted, inputs.get("clean") as Tensor4D, 0.5);
    const result = tf.clone(loss.tensor);
    tape.backward(loss, tf.scalar(1));
    const gradients = [...leaves].map(([name, value]): [string, Tensor] => [
      `${name} gradient`,
      tape.takeGradient(value) ?? tf.zerosLike(value.tensor),
    ]);
    tape.dispose();
    return new Map<string, Tensor>([["loss", result], ...gradients]);
  };
}

function drawInputs(seed: number, side = 8): Map<string, Tensor> {
  const filters = Object.entries(SHAPES).map(([name, shape], index): [string, Tensor] => {
    return [name, drawTensor(shape, 10 * seed + index, 0.3)];
  });
  return new Map([
    ...filters,
    ["bias", drawVector(8, seed, 0.1)],
    ["noisy", drawTensor([2, side, side, 1], seed, 0.3)],
    ["clean", drawTensor([2, side, side, 1], seed + 1, 0.3)],
  ]);
}

function disposeAll(...maps: readonly NamedTensors[]): void {
  tf.dispose(maps.flatMap((map) => [...map.values()]));
}

/** The results in which the second map differs from the first by a single bit. */
function listDifferences(expected: NamedTensors, actual: NamedTensors): string[] {
  return [...expected].flatMap(([name, tensor]) => {
    const difference = largestDifference(actual.get(name)!.dataSync(), tensor.dataSync());
    return difference === 0 ? [] : [`${name}: ${difference}`];
  });
}

describe.each(await listKernels())("a step prepared by $name", ({ kernels }) => {
  it("gives for new inputs, of another size too, bit for bit what the step gives op by op", () => {
    const step = stepWith(kernels);
    const prepared = kernels.prepareStep(step);
    for (const inputs of [drawInputs(1), drawInputs(2), drawInputs(3, 10)]) {
      const [expected, actual] = [step(inputs), prepared.run(inputs)];
      expect([...actual.keys()]).toEqual([...expected.keys()]);
      expect(listDifferences(expected, actual)).toEqual([]);
      disposeAll(inputs, expected, actual);
    }
    prepared.dispose();
  });

  it("has 32-bit floats, and refuses others by name where it has only these", () => {
    const step: Step = (inputs) => new Map(inputs);
    if (kernels instanceof TensorflowKernels && isNarrow) kernels.prepareStep(step, "bfloat16").dispose();
    else expect(() => kernels.prepareStep(step, "bfloat16")).toThrow(/training\.precision: must be float32/);
  });

  it("leaves no tensor behind", async () => {
    const run = (): void => {
      const prepared = kernels.prepareStep(stepWith(kernels));
      const inputs = drawInputs(1);
      disposeAll(prepared.run(inputs), prepared.run(inputs), inputs);
      prepared.dispose();
    };
    expect(await countLeaks(run)).toBe(0);
  });
});

describe.skipIf(native === undefined)("a step recorded as a graph (needs the native engine)", () => {
  const runOnce = (step: Step): NamedTensors => {
    const x = tf.tensor1d([1, 2]);
    const prepared = native!.kernels.prepareStep(step);
    try {
      return prepared.run(new Map([["x", x]]));
    } finally {
      prepared.dispose();
      x.dispose();
    }
  };

  it("gives the same bits at every run, the first among them", () => {
    const prepared = native!.kernels.prepareStep(stepWith(native!.kernels));
    const inputs = drawInputs(4);
    const bits = [1, 2, 3].map(() => {
      const results = prepared.run(inputs);
      const numbers = [...results.values()].map((tensor) => [...tensor.dataSync()]);
      disposeAll(results);
      return numbers;
    });
    expect(bits[1]).toEqual(bits[0]);
    expect(bits[2]).toEqual(bits[0]);
    disposeAll(inputs);
    prepared.dispose();
  });

  it("sums a bias gradient by itself where TensorFlow could merge it with one of two filter gradients", () => {
    const { kernels } = native!;
    const step: Step = (inputs) => {
      const [x, z, dy] = ["x", "z", "dy"].map((name) => inputs.get(name)!) as [Tensor4D, Tensor4D, Tensor4D];
      return new Map<string, Tensor>([
        ["wide", kernels.conv2dFilterGradient(x, [3, 3, 4, 4], dy, 1)],
        ["pointwise", kernels.conv2dFilterGradient(z, [1, 1, 4, 4], dy, 1)],
        ["bias", kernels.biasGradient(dy)],
      ]);
    };
    const inputs = new Map(["x", "z", "dy"].map((name, seed) => [name, drawTensor([3, 12, 12, 4], seed, 0.3)]));
    const prepared = kernels.prepareStep(step);
    const [expected, actual] = [step(inputs), prepared.run(inputs)];
    const sum = tf.sum(inputs.get("dy")!, [0, 1, 2]);
    expect([...actual.get("bias")!.dataSync()]).toEqual([...sum.dataSync()]);
    for (const [name, tensor] of expected) {
      expect(largestDifference(actual.get(name)!.dataSync(), tensor.dataSync()), name).toBeLessThan(1e-5);
    }
    sum.dispose();
    disposeAll(inputs, expected, actual);
    prepared.dispose();
  });

  it.skipIf(!isNarrow).each([1, 2])(
    "has convolutions of dilation %d in bfloat16 to a hundredth, and not the same",
    (dilation) => {
      const { kernels } = native!;
      const step: Step = (inputs) => {
        const [x, filter, dy] = ["x", "filter", "dy"].map((name) => inputs.get(name)!) as [
          Tensor4D,
          Tensor4D,
          Tensor4D,
        ];
        return new Map<string, Tensor>([
          ["y", kernels.addBias(kernels.conv2d(x, filter, dilation), inputs.get("bias") as Tensor1D)],
          ["dx", kernels.conv2dInputGradient(x.shape, filter, dy, dilation)],
          ["filter gradient", kernels.conv2dFilterGradient(x, filter.shape, dy, dilation)],
        ]);
      };
      const inputs = new Map<string, Tensor>([
        ["x", drawTensor([2, 16, 16, 16], 1, 0.3)],
        ["filter", drawTensor([3, 3, 16, 8], 2, 0.3)],
        ["dy", drawTensor([2, 16, 16, 8], 3, 0.3)],
        ["bias", drawVector(8, 4, 0.1)],
      ]);
      const narrow = kernels.prepareStep(step, "bfloat16");
      const [expected, actual] = [step(inputs), narrow.run(inputs)];
      for (const [name, tensor] of expected) {
        const largest = Math.max(...tensor.dataSync().map(Math.abs));
        const difference = largestDifference(actual.get(name)!.dataSync(), tensor.dataSync());
        expect(difference / largest, name).toBeGreaterThan(1e-5);
        expect(difference / largest, name).toBeLessThan(0.01);
      }
      disposeAll(inputs, expected, actual);
      narrow.dispose();
    },
  );

  it("returns an input that the step hands through", () => {
    const results = runOnce((inputs) => new Map([["same", tf.clone(inputs.get("x")!)]]));
    expect([...results.get("same")!.dataSync()]).toEqual([1, 2]);
    disposeAll(results);
  });

  it("refuses a step that reads numbers back, and works on afterwards", () => {
    const reading: Step = (inputs) => new Map([["y", tf.scalar(inputs.get("x")!.dataSync()[0]!)]]);
    expect(() => runOnce(reading)).toThrow("must not read numbers back");
    expect([...tf.tidy(() => tf.add(tf.tensor1d([1]), 1)).dataSync()]).toEqual([2]);
  });
});
