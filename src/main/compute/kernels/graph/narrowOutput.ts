import type { Shape4D } from "#main/compute/kernels/kernels.ts";

/**
 * A convolution `[K, K, C, D]` with few outputs D reads its input once per tap. It equals a pointwise one that computes the
 * K * K * D products of every pixel, and a cheap one that gathers them from the neighbours.
 */
export interface Taps {
  /** The pointwise filter, `[1, 1, C, channels]`. */
  readonly values: Float32Array;
  /** K * K * D, filled up with zeros to a multiple of four, which is faster. */
  readonly channels: number;
}

/** Turns a filter `[K, K, C, D]` into the pointwise one whose output channel t * D + d is tap t of output d. */
export function spreadTaps(filter: Float32Array, [rows, columns, inputs, outputs]: Shape4D): Taps {
  const taps = rows * columns;
  const channels = Math.ceil((taps * outputs) / 4) * 4;
  const values = new Float32Array(inputs * channels);
  for (let tap = 0; tap < taps; tap++) {
    for (let input = 0; input < inputs; input++) {
      const from = (tap * inputs + input) * outputs;
      values.set(filter.subarray(from, from + outputs), input * channels + tap * outputs);
    }
  }
  return { values, channels };
}

/** The filter `[K, K, channels, D]` of ones and zeros that sums every tap from its own neighbour. */
export function gatherTaps([rows, columns, , outputs]: Shape4D, channels: number): Float32Array {
  const values = new Float32Array(rows * columns * channels * outputs);
  for (let tap = 0; tap < rows * columns; tap++) {
    for (let output = 0; output < outputs; output++) {
      values[(tap * channels + tap * outputs + output) * outputs + output] = 1;
    }
  }
  return values;
}
