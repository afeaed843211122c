import * as tf from "@tensorflow/tfjs-core";
import type { Tensor2D, Tensor3D } from "@tensorflow/tfjs-core";

/** Coefficients of a, b, c in x -> a x + b x^3 + c x^5, which five times over takes singular values from 0.002 to 1 near 1 (Jordan et al. 2024). */
const [A, B, C] = [3.4445, -4.775, 2.0315];
const ITERATIONS = 5;
const TINY = 1e-12;

/**
 * Brings the singular values of each matrix of `[N, rows, columns]` near 1, between 0.68 and 1.14, and leaves its singular
 * vectors: five Newton-Schulz iterations. A polynomial of a matrix is the matrix times one of its small square, so that only
 * squares of the shorter side are multiplied in between. A matrix of zeros stays one. The result is the caller's.
 */
export function orthogonalise(matrices: Tensor3D): Tensor3D {
  const [, rows, columns] = matrices.shape;
  return tf.tidy(() => {
    const lengths = tf.sqrt(tf.sum(tf.square(matrices), [1, 2], true));
    const unit: Tensor3D = tf.div(matrices, tf.add(lengths, TINY));
    const isTall = rows >= columns;
    const factor = polynomialOf(isTall ? tf.matMul(unit, unit, true, false) : tf.matMul(unit, unit, false, true));
    return isTall ? tf.matMul(unit, factor) : tf.matMul(factor, unit);
  });
}

/** The factor F(S) for which X F(XᵀX) is the last iterate of X, `[N, side, side]`. */
function polynomialOf(first: Tensor3D): Tensor3D {
  let square = first;
  let factor: Tensor3D | null = null;
  for (let iteration = 0; iteration < ITERATIONS; iteration++) {
    const step = stepOf(square);
    factor = factor === null ? step : tf.matMul(factor, step);
    if (iteration < ITERATIONS - 1) square = tf.matMul(tf.matMul(step, square), step);
  }
  return factor ?? first;
}

/** a I + b S + c S². */
function stepOf(square: Tensor3D): Tensor3D {
  const identity: Tensor2D = tf.eye(square.shape[1]);
  const higher = tf.add(tf.mul(square, B), tf.mul(tf.matMul(square, square), C));
  return tf.add(tf.mul(identity, A), higher);
}
