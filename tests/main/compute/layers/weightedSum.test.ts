import * as tf from "@tensorflow/tfjs-core";
import type { Tensor, Tensor1D } from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";

import { checkGradient } from "#main/compute/layers/gradientCheck.ts";
import { Tape, type Value } from "#main/compute/layers/tape.ts";
import { weightedSum } from "#main/compute/layers/weightedSum.ts";

import { drawTensor, drawVector } from "#tests/helpers/drawTensor.ts";
import { listKernels } from "#tests/helpers/kernelCases.ts";
import { countLeaks } from "#tests/helpers/tensors.ts";

const inputs = (): readonly Tensor[] => [
  ...[1, 2].map((seed) => drawTensor([2, 3, 4, 5], seed)),
  ...[3, 4].map((seed) => drawVector(5, seed)),
];

function sumOf(tape: Tape, [a, b, first, second]: readonly Value<Tensor>[]): Value {
  return weightedSum(tape, [
    { x: a as Value, weight: first as Value<Tensor1D> },
    { x: b as Value, weight: second as Value<Tensor1D> },
  ]);
}

describe.each(await listKernels())("a weighted sum on $name", ({ kernels }) => {
  it("sends the right gradients of its terms and weights", () => {
    const given = inputs();
    expect(checkGradient(kernels, given, sumOf)).toBeLessThan(1e-3);
    tf.dispose([...given]);
  });

  it("weighs every channel", () => {
    tf.tidy(() => {
      const tape = new Tape(kernels, false);
      const x = tf.ones<tf.Rank.R4>([1, 1, 1, 2]);
      const leaves = [x, tf.mul(x, 10), tf.tensor1d([1, 2]), tf.tensor1d([3, 4])].map((tensor) =>
        tape.leaf<Tensor>(tensor, false),
      );
      expect([...sumOf(tape, leaves).tensor.dataSync()]).toEqual([31, 42]);
    });
  });

  it("leaves no tensor behind", async () => {
    const run = (): void => {
      const given = inputs();
      const tape = new Tape(kernels, true);
      const y = sumOf(
        tape,
        given.map((tensor) => tape.leaf(tensor, true)),
      );
      tape.backward(y, tf.onesLike(y.tensor));
      tape.dispose();
      tf.dispose([...given]);
    };
    expect(await countLeaks(run)).toBe(0);
  });
});
