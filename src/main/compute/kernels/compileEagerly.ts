import * as tf from "@tensorflow/tfjs-core";
import type { Tensor } from "@tensorflow/tfjs-core";

import { LabError } from "#shared/labError.ts";

import type { CompiledForward, Forward, ForwardKernels, Precision, PreparedStep, Step } from "./kernels.ts";
import { makeWindow } from "./window.ts";

/** Prepares nothing but the constants: every run calls the kernels one by one. */
export function compileEagerly(
  kernels: ForwardKernels,
  forward: Forward,
  constants: ReadonlyMap<string, Tensor>,
): CompiledForward {
  const own = new Map([...constants].map(([name, tensor]) => [name, tf.keep(tf.clone(tensor))]));
  return {
    run: (planes, areas) => tf.tidy(() => forward(kernels, planes, own, (from, to) => makeWindow(areas, from, to))),
    dispose: () => {
      tf.dispose([...own.values()]);
    },
  };
}

/** Prepares nothing: every run takes the step as it is. Throws LabError `engine` for another precision than 32-bit floats. */
export function prepareEagerly(step: Step, precision: Precision): PreparedStep {
  if (precision !== "float32") {
    const expected = "must be float32 on this engine, as only TensorFlow on a processor has others";
    throw new LabError("engine", `training.precision: ${expected}, got ${precision}`);
  }
  return { run: step, dispose: () => undefined };
}
