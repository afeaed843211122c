import type { Tensor4D } from "@tensorflow/tfjs-core";

import type { ForwardTape, Value } from "./tape.ts";

/**
 * max(x, 0.2 x) of `[B, H, W, C]`. The gradient is taken at the output, which has the sign of the input: the input
 * need not be remembered.
 */
export function leakyRelu(tape: ForwardTape, x: Value): Value {
  const y = tape.kernels.leakyRelu(x.tensor);
  return tape.recordOne(y, [x], [], (gradient, kernels) => [
    x.needsGradient ? kernels.leakyReluGradient(gradient as Tensor4D, y) : null,
  ]);
}
