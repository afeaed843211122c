import * as tf from "@tensorflow/tfjs-core";
import type { Tensor } from "@tensorflow/tfjs-core";

import { Tape } from "./tape.ts";
import type { Value } from "./tape.ts";

/**
 * Runs a part of a computation without remembering its insides; the backward walk runs it a second time. Memory falls to
 * the inputs and the output, for a third more arithmetic. `run` must be a pure function of its inputs.
 */
export function recompute(
  tape: Tape,
  inputs: readonly Value<Tensor>[],
  run: (tape: Tape, inputs: readonly Value<Tensor>[]) => Value,
): Value {
  if (!tape.isRecording) {
    return run(tape, inputs);
  }
  const silent = new Tape(tape.kernels, false);
  const output = silent.scope(() => run(silent, inputs)).tensor;
  return tape.recordOne(output, inputs, [], (gradient) => {
    const inner = new Tape(tape.kernels, true);
    const leaves = inputs.map((input) => inner.leaf(input.tensor, input.needsGradient));
    const again = run(inner, leaves);
    inner.backward(again, tf.clone(gradient));
    return leaves.map((leaf) => (leaf.needsGradient ? inner.takeGradient(leaf) : null));
  });
}
