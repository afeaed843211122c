import * as tf from "@tensorflow/tfjs-core";
import type { Tensor } from "@tensorflow/tfjs-core";

import type { CompiledForward, Forward, Kernels } from "./kernels.ts";
import { makeWindow } from "./window.ts";

/** Prepares nothing but the constants: every run calls the kernels one by one. */
export function compileEagerly(
  kernels: Kernels,
  forward: Forward,
  constants: ReadonlyMap<string, Tensor>,
): CompiledForward {
  const own = new Map([...constants].map(([name, tensor]) => [name, tf.keep(tf.clone(tensor))]));
  return {
    run: (x, areas) => tf.tidy(() => forward(kernels, x, own, (from, to) => makeWindow(areas, from, to))),
    dispose: () => {
      tf.dispose([...own.values()]);
    },
  };
}
