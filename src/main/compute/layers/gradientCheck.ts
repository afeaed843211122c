import * as tf from "@tensorflow/tfjs-core";
import type { Tensor } from "@tensorflow/tfjs-core";

import { at } from "#shared/at.ts";

import type { TrainingKernels } from "#main/compute/kernels/kernels.ts";

import { Tape } from "./tape.ts";
import type { Value } from "./tape.ts";

/** Length of the step along a direction: small beside the curvature, large beside the rounding of 32-bit numbers. */
const STEP = 0.005;

/** Below this length a gradient counts as zero. */
const SMALLEST_LENGTH = 1e-4;

/** Random directions beside the gradient's own. */
const RANDOM_DIRECTIONS = 3;

/** Builds a computation from its inputs. */
export type Computation = (tape: Tape, inputs: readonly Value<Tensor>[]) => Value<Tensor>;

/**
 * Compares the gradients of a computation with finite differences: for each input, the slope of a random weighting of the
 * output along the gradient and along random directions. Returns the largest error relative to the gradient's length. The
 * inputs stay the caller's.
 */
export function checkGradient(kernels: TrainingKernels, inputs: readonly Tensor[], compute: Computation): number {
  const weighting = drawWeighting(kernels, inputs, compute);
  const gradients = computeGradients(kernels, inputs, compute, weighting);
  const objective = (changed: readonly Tensor[]): number =>
    tf.tidy(() => {
      const tape = new Tape(kernels, false);
      const output = compute(
        tape,
        changed.map((tensor) => tape.leaf(tensor, false)),
      );
      return tf.sum(tf.mul(output.tensor, weighting)).dataSync<"float32">()[0] ?? NaN;
    });
  const errors = inputs.map((_, index) => slopeError(inputs, index, gradients[index] ?? null, objective));
  tf.dispose([weighting, ...gradients.filter((gradient) => gradient !== null)]);
  return Math.max(...errors);
}

function drawWeighting(kernels: TrainingKernels, inputs: readonly Tensor[], compute: Computation): Tensor {
  return tf.tidy(() => {
    const tape = new Tape(kernels, false);
    const output = compute(
      tape,
      inputs.map((tensor) => tape.leaf(tensor, false)),
    );
    return tf.randomNormal(output.tensor.shape, 0, 1, "float32", 7);
  });
}

function computeGradients(
  kernels: TrainingKernels,
  inputs: readonly Tensor[],
  compute: Computation,
  weighting: Tensor,
): (Tensor | null)[] {
  const tape = new Tape(kernels, true);
  const leaves = inputs.map((tensor) => tape.leaf(tensor, true));
  const output = compute(tape, leaves);
  tape.backward(output, tf.clone(weighting));
  const gradients = leaves.map((leaf) => tape.takeGradient(leaf));
  tape.dispose();
  return gradients;
}

/** An input that nothing depends on has no gradient; then every slope must be zero. */
function slopeError(
  inputs: readonly Tensor[],
  index: number,
  gradient: Tensor | null,
  objective: (inputs: readonly Tensor[]) => number,
): number {
  return tf.tidy(() => {
    const input = at(inputs, index, "inputs of a gradient check");
    const slope = gradient ?? tf.zerosLike(input);
    const length = tf.norm(slope).dataSync<"float32">()[0] ?? NaN;
    const directions = Array.from({ length: RANDOM_DIRECTIONS }, (_, seed) =>
      tf.randomNormal(input.shape, 0, 1, "float32", seed + 1),
    );
    const errors = [...(length > 0 ? [slope] : []), ...directions].map((raw) => {
      const direction = tf.div(raw, tf.norm(raw));
      const move = (sign: number): number =>
        objective(inputs.map((tensor, i) => (i === index ? tf.add(tensor, tf.mul(direction, sign * STEP)) : tensor)));
      const measured = (move(1) - move(-1)) / (2 * STEP);
      const expected = tf.sum(tf.mul(slope, direction)).dataSync<"float32">()[0] ?? NaN;
      return Math.abs(measured - expected) / Math.max(length, SMALLEST_LENGTH);
    });
    return Math.max(...errors);
  });
}
