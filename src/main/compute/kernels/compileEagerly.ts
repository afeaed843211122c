import * as tf from "@tensorflow/tfjs-core";
import type { Tensor } from "@tensorflow/tfjs-core";

import type { CompiledForward, Forward, ForwardKernels, PreparedStep, Step } from "./kernels.ts";
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

/** Prepares nothing: every run takes the step as it is. */
export function prepareEagerly(step: Step): PreparedStep {
  return { run: step, dispose: () => undefined };
}
