import * as tf from "@tensorflow/tfjs-core";
import type { Tensor4D } from "@tensorflow/tfjs-core";

import type { ForwardTape, Tape, Value } from "./tape.ts";

/** Sums values of one shape. */
export function add(tape: ForwardTape, values: readonly Value[]): Value {
  const total = tape.kernels.addN(values.map((value) => value.tensor));
  return tape.recordOne(total, values, [], (gradient) =>
    values.map((value) => (value.needsGradient ? tf.clone(gradient) : null)),
  );
}

/** Joins `[B, H, W, C_i]` along channels. */
export function concatenate(tape: ForwardTape, values: readonly Value[]): Value {
  const joined = tape.kernels.concatChannels(values.map((value) => value.tensor));
  const sizes = values.map((value) => value.tensor.shape[3]);
  return tape.recordOne(joined, values, [], (gradient) => tf.split(gradient, sizes, 3));
}

/** Cuts `[B, H, W, parts * C]` into `parts` values `[B, H, W, C]`, in order. */
export function split(tape: Tape, value: Value, parts: number): Value[] {
  const pieces = tape.kernels.splitChannels(value.tensor, parts);
  return tape.record(pieces, [value], [], (gradients) => [
    joinGradients(tape, gradients as (Tensor4D | null)[], pieces),
  ]);
}

function joinGradients(tape: Tape, gradients: readonly (Tensor4D | null)[], pieces: readonly Tensor4D[]): Tensor4D {
  const whole = gradients.map((gradient, index) => gradient ?? tf.zerosLike(pieces[index] as Tensor4D));
  const joined = tape.kernels.concatChannels(whole);
  tf.dispose(whole.filter((tensor, index) => tensor !== gradients[index]));
  return joined;
}

/** `minuend - subtrahend`, both `[B, H, W, C]`. */
export function subtract(tape: ForwardTape, minuend: Value, subtrahend: Value): Value {
  return tape.recordOne(
    tape.kernels.subtract(minuend.tensor, subtrahend.tensor),
    [minuend, subtrahend],
    [],
    (gradient) => [
      minuend.needsGradient ? tf.clone(gradient) : null,
      subtrahend.needsGradient ? tf.neg(gradient) : null,
    ],
  );
}

/** Adds a bias `[C]` to `[B, H, W, C]`. */
export function addBias(tape: ForwardTape, x: Value, bias: Value<tf.Tensor1D>): Value {
  return tape.recordOne(tape.kernels.addBias(x.tensor, bias.tensor), [x, bias], [], (gradient, kernels) => [
    x.needsGradient ? tf.clone(gradient) : null,
    bias.needsGradient ? kernels.biasGradient(gradient as tf.Tensor4D) : null,
  ]);
}
