import * as tf from "@tensorflow/tfjs-core";
import type { Tensor4D } from "@tensorflow/tfjs-core";

import type { Tape, Value } from "./tape.ts";

/** `[B, H, W, C]` times a constant mask `[B, 1, 1, C]`. Needs `x` no more when it walks back. */
export function applyMask(tape: Tape, x: Value, mask: Value): Value {
  return tape.recordOne(tf.mul<Tensor4D>(x.tensor, mask.tensor), [x, mask], [], (gradient) => [
    x.needsGradient ? tf.mul(gradient, mask.tensor) : null,
    null,
  ]);
}
