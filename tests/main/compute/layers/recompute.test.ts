import * as tf from "@tensorflow/tfjs-core";
import type { Tensor } from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";

import { batchNorm } from "#main/compute/layers/batchNorm.ts";
import { convolve } from "#main/compute/layers/convolution.ts";
import { checkGradient } from "#main/compute/layers/gradientCheck.ts";
import { recompute } from "#main/compute/layers/recompute.ts";
import { Tape } from "#main/compute/layers/tape.ts";
import type { Value } from "#main/compute/layers/tape.ts";

import { drawTensor } from "#tests/helpers/drawTensor.ts";
import { listKernels } from "#tests/helpers/kernelCases.ts";
import { countLeaks } from "#tests/helpers/tensors.ts";

/** Two convolutions with a norm between them. */
function run(tape: Tape, [x, first, second]: readonly Value<Tensor>[]): Value {
  const middle = batchNorm(tape, convolve(tape, x as Value, first as Value));
  return convolve(tape, middle, second as Value);
}

const makeInputs = () => [drawTensor([2, 5, 6, 2], 1), drawTensor([3, 3, 2, 3], 2), drawTensor([1, 1, 3, 2], 3)];

describe.each(await listKernels())("recompute on $name", ({ kernels }) => {
  /** Output and gradients of one pass, all its tensors freed. */
  function pass(isRecomputed: boolean, wanted: readonly boolean[]) {
    const tape = new Tape(kernels, true);
    const inputs = makeInputs();
    const leaves = inputs.map((tensor, index) => tape.leaf<Tensor>(tensor, wanted[index] ?? false));
    const before = tf.memory().numTensors;
    const y = isRecomputed ? recompute(tape, leaves, run) : run(tape, leaves);
    const remembered = tf.memory().numTensors - before;
    const output = [...y.tensor.dataSync()];
    tape.backward(y, tf.onesLike(y.tensor));
    const gradients = leaves.map((leaf) => tape.takeGradient(leaf));
    const numbers = gradients.map((gradient) => gradient && [...gradient.dataSync()]);
    tape.dispose();
    tf.dispose([...inputs, ...gradients.filter((gradient) => gradient !== null)]);
    return { remembered, output, numbers };
  }

  it("gives exactly the numbers of a remembered run, and remembers only its output", () => {
    const plain = pass(false, [true, true, true]);
    const again = pass(true, [true, true, true]);
    expect(again.output).toEqual(plain.output);
    expect(again.numbers).toEqual(plain.numbers);
    expect(again.remembered).toBe(1);
    expect(plain.remembered).toBeGreaterThan(1);
  });

  it("computes only the gradients that are wanted", () => {
    expect(pass(true, [false, true, false]).numbers.map((numbers) => numbers !== null)).toEqual([false, true, false]);
  });

  it("sends the right gradients", () => {
    const inputs = makeInputs();
    const error = checkGradient(kernels, inputs, (tape, values) => recompute(tape, values, run));
    expect(error).toBeLessThan(1e-3);
    tf.dispose(inputs);
  });

  it("leaves no tensor behind", async () => {
    expect(await countLeaks(() => pass(true, [true, false, true]))).toBe(0);
  });
});
