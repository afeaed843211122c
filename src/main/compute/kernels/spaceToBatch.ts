import * as tf from "@tensorflow/tfjs-core";
import type { Tensor4D } from "@tensorflow/tfjs-core";

import type { Shape4D } from "./kernels.ts";

/** How a dilated convolution that keeps the size becomes a plain one without padding on `dilation`^2 interleaved grids. */
export interface Interleaving {
  readonly block: [number, number];
  /** Zero padding of the input, per axis before and after; the last includes what makes the size divisible. */
  readonly inputPadding: [[number, number], [number, number]];
  /** What the output has too much at its ends. */
  readonly surplus: [[number, number], [number, number]];
}

/** Plans the interleaving for an input `[B, height, width, C]` and an odd filter side. */
export function planInterleaving(height: number, width: number, filterSide: number, dilation: number): Interleaving {
  const margin = (dilation * (filterSide - 1)) / 2;
  const surplusOf = (size: number) => (dilation - (size % dilation)) % dilation;
  const down = surplusOf(height);
  const right = surplusOf(width);
  return {
    block: [dilation, dilation],
    inputPadding: [
      [margin, margin + down],
      [margin, margin + right],
    ],
    surplus: [
      [0, down],
      [0, right],
    ],
  };
}

/** Interleaves a padded input: `[B, H, W, C]` to `[B * d * d, (H + padding) / d, (W + padding) / d, C]`. */
export function interleaveInput(x: Tensor4D, plan: Interleaving): Tensor4D {
  return tf.spaceToBatchND(x, plan.block, plan.inputPadding);
}

/** Interleaves something of the output's size, such as its gradient. */
export function interleaveOutput(dy: Tensor4D, plan: Interleaving): Tensor4D {
  return tf.spaceToBatchND(dy, plan.block, plan.surplus);
}

/** Puts an interleaved output back together and cuts the surplus off. */
export function restoreOutput(y: Tensor4D, plan: Interleaving): Tensor4D {
  return tf.batchToSpaceND(y, plan.block, plan.surplus);
}

/** Puts an interleaved input gradient back together and cuts the padding off. */
export function restoreInput(dx: Tensor4D, plan: Interleaving): Tensor4D {
  return tf.batchToSpaceND(dx, plan.block, plan.inputPadding);
}

/** Returns the shape of `x` after interleaving. */
export function interleavedShape(shape: Shape4D, plan: Interleaving): Shape4D {
  const [batch, height, width, channels] = shape;
  const [side] = plan.block;
  const [[top, bottom], [left, right]] = plan.inputPadding;
  return [batch * side * side, (height + top + bottom) / side, (width + left + right) / side, channels];
}
