import type { Tensor4D } from "@tensorflow/tfjs-core";

import type { ForwardTape, Value } from "./tape.ts";

/** 1 / (1 + exp(-x)) of `[B, H, W, C]`, within 0..1. The gradient follows from the output: the input need not be remembered. */
export function sigmoid(tape: ForwardTape, x: Value): Value {
  const y = tape.kernels.sigmoid(x.tensor);
  return tape.recordOne(y, [x], [], (gradient, kernels) => [
    x.needsGradient ? kernels.sigmoidGradient(gradient as Tensor4D, y) : null,
  ]);
}
