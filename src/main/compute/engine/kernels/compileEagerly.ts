import * as tf from "@tensorflow/tfjs-core";
import type { Tensor } from "@tensorflow/tfjs-core";

import type { CompiledForward, Forward, Kernels } from "./kernels.ts";

/** Prepares nothing but the constants: every run calls the kernels one by one. */
export function compileEagerly(
  kernels: Kernels,
  forward: Forward,
  constants: ReadonlyMap<string, Tensor>,
): CompiledForward {
  const own = new Map([...constants].map(([name, tensor]) => [name, tf.keep(tf.clone(tensor))]));
  return {
    run: (x) => tf.tidy(() => forward(kernels, x, own)),
    dispose: () => {
      tf.dispose([...own.values()]);
    },
  };
}
