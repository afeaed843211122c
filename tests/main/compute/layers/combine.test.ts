import * as tf from "@tensorflow/tfjs-core";
import type { Tensor, Tensor1D } from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";

import type { Shape4D } from "#main/compute/kernels/kernels.ts";
import { add, addBias, concatenate, split, subtract } from "#main/compute/layers/combine.ts";
import { checkGradient } from "#main/compute/layers/gradientCheck.ts";
import type { Computation } from "#main/compute/layers/gradientCheck.ts";
import { Tape } from "#main/compute/layers/tape.ts";
import type { Value } from "#main/compute/layers/tape.ts";

import { drawTensor, drawVector } from "#tests/helpers/drawTensor.ts";
import { listKernels } from "#tests/helpers/kernelCases.ts";
import { countLeaks } from "#tests/helpers/tensors.ts";

const TOLERANCE = 1e-3;
const SHAPE: Shape4D = [2, 3, 4, 6];

const addThree: Computation = (tape, inputs) => add(tape, inputs as Value[]);
const join: Computation = (tape, inputs) => concatenate(tape, inputs as Value[]);
const subtractTwo: Computation = (tape, [a, b]) => subtract(tape, a as Value, b as Value);
/** Uses the first and the last of three pieces, so that the one between gets no gradient. */
const splitInThree: Computation = (tape, [x]) => {
  const [first, , last] = split(tape, x as Value, 3) as [Value, Value, Value];
  return concatenate(tape, [last, first]);
};
const bias: Computation = (tape, [x, values]) => addBias(tape, x as Value, values as Value<Tensor1D>);

const three = (): Tensor[] => [1, 2, 3].map((seed) => drawTensor(SHAPE, seed));

describe.each(await listKernels())("on $name", ({ kernels }) => {
  it.each<[string, Computation, () => Tensor[]]>([
    ["add", addThree, three],
    ["add of a value to itself", (tape, [x]) => add(tape, [x as Value, x as Value]), () => [drawTensor(SHAPE, 1)]],
    ["concatenate", join, () => [drawTensor([2, 3, 4, 1], 1), drawTensor([2, 3, 4, 5], 2)]],
    ["split", splitInThree, () => [drawTensor(SHAPE, 1)]],
    ["subtract", subtractTwo, () => three().slice(0, 2)],
    ["addBias", bias, () => [drawTensor(SHAPE, 1), drawVector(6, 2)]],
  ])("%s sends the right gradients and leaves nothing behind", async (_name, compute, makeInputs) => {
    const inputs = makeInputs();
    expect(checkGradient(kernels, inputs, compute)).toBeLessThan(TOLERANCE);
    expect(await countLeaks(() => checkGradient(kernels, inputs, compute))).toBe(0);
    tf.dispose(inputs);
  });

  it("computes what their names say", () => {
    tf.tidy(() => {
      const tape = new Tape(kernels, false);
      const leaf = (...values: number[]): Value => tape.leaf(tf.tensor4d(values, [1, 1, 2, 2]), false);
      const [a, b] = [leaf(1, 2, 3, 4), leaf(10, 20, 30, 40)];
      const numbersOf = ({ tensor }: Value): number[] => [...tensor.dataSync()];
      expect(numbersOf(add(tape, [a, b]))).toEqual([11, 22, 33, 44]);
      expect(numbersOf(subtract(tape, b, a))).toEqual([9, 18, 27, 36]);
      expect(numbersOf(concatenate(tape, [a, b]))).toEqual([1, 2, 10, 20, 3, 4, 30, 40]);
      expect(split(tape, b, 2).map(numbersOf)).toEqual([
        [10, 30],
        [20, 40],
      ]);
      expect(numbersOf(addBias(tape, a, tape.leaf(tf.tensor1d([100, 200]), false)))).toEqual([101, 202, 103, 204]);
    });
  });
});
