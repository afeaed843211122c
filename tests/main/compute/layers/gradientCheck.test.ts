import * as tf from "@tensorflow/tfjs-core";
import type { Tensor } from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";

import { startEngine } from "#main/compute/engine/engine.ts";
import { checkGradient } from "#main/compute/layers/gradientCheck.ts";
import type { Computation } from "#main/compute/layers/gradientCheck.ts";

import { drawVector } from "#tests/helpers/drawTensor.ts";
import { countLeaks } from "#tests/helpers/tensors.ts";

const { kernels } = await startEngine();

/** The square of its input, with a gradient that is `factor` times what it should be; null: none at all. */
function square(factor: number | null): Computation {
  return (tape, [x]) =>
    tape.recordOne(tf.square(x!.tensor), [x!], [], (gradient) => [
      factor === null ? null : tf.tidy<Tensor>(() => tf.mul(gradient, tf.mul(x!.tensor, 2 * factor))),
    ]);
}

function measure(compute: Computation): number {
  const input = drawVector(20, 1);
  const error = checkGradient(kernels, [input], compute);
  input.dispose();
  return error;
}

describe("checkGradient", () => {
  it("measures next to nothing for a right gradient", () => {
    expect(measure(square(1))).toBeLessThan(1e-3);
  });

  it.each([0.9, 1.1, -1, 0])("measures the error of a gradient that is %d times the right one", (factor) => {
    expect(measure(square(factor))).toBeGreaterThan(0.05);
  });

  it("measures an error where a gradient is missing", () => {
    expect(measure(square(null))).toBeGreaterThan(0.05);
  });

  it("finds nothing wrong where an input is not used and gets no gradient", () => {
    const inputs = [drawVector(5, 1), drawVector(5, 2)];
    expect(checkGradient(kernels, inputs, (tape, [x]) => square(1)(tape, [x!]))).toBeLessThan(1e-3);
    tf.dispose(inputs);
  });

  it("leaves no tensor behind", async () => {
    expect(await countLeaks(() => measure(square(1)))).toBe(0);
  });
});
