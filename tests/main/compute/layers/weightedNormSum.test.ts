import * as tf from "@tensorflow/tfjs-core";
import type { Tensor1D } from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";

import { batchNorm } from "#main/compute/layers/batchNorm.ts";
import { checkGradient } from "#main/compute/layers/gradientCheck.ts";
import type { Computation } from "#main/compute/layers/gradientCheck.ts";
import { Tape } from "#main/compute/layers/tape.ts";
import type { Value } from "#main/compute/layers/tape.ts";
import { weightedNormSum } from "#main/compute/layers/weightedNormSum.ts";

import { largestDifference } from "#tests/helpers/arrays.ts";
import { drawTensor, drawVector } from "#tests/helpers/drawTensor.ts";
import { listKernels } from "#tests/helpers/kernelCases.ts";
import { countLeaks } from "#tests/helpers/tensors.ts";

const SHAPE = [2, 4, 5, 3] as const;

const compute: Computation = (tape, [a, weightA, b, weightB, plain]) =>
  weightedNormSum(
    tape,
    [
      { x: a as Value, weight: weightA as Value<Tensor1D> },
      { x: b as Value, weight: weightB as Value<Tensor1D> },
    ],
    [plain as Value],
  );

const makeInputs = () =>
  [drawTensor(SHAPE, 1), drawVector(3, 2), drawTensor(SHAPE, 3), drawVector(3, 4), drawTensor(SHAPE, 5)] as const;

describe.each(await listKernels())("weightedNormSum on $name", ({ kernels }) => {
  it("gives the sum of weights times norms, plus what is plain", () => {
    tf.tidy(() => {
      const tape = new Tape(kernels, false);
      const inputs = makeInputs();
      const total = compute(
        tape,
        inputs.map((tensor) => tape.leaf(tensor, false)),
      );
      const norm = (index: 0 | 2) => batchNorm(tape, tape.leaf(inputs[index], false)).tensor;
      const expected = tf.addN([tf.mul(norm(0), inputs[1]), tf.mul(norm(2), inputs[3]), inputs[4]]);
      expect(largestDifference(total.tensor.dataSync(), expected.dataSync())).toBeLessThan(1e-5);
    });
  });

  it("sends the right gradients of every term, weight and plain value, and leaves nothing behind", async () => {
    const inputs = makeInputs();
    expect(checkGradient(kernels, inputs, compute)).toBeLessThan(1e-3);
    expect(await countLeaks(() => checkGradient(kernels, inputs, compute))).toBe(0);
    tf.dispose([...inputs]);
  });
});
