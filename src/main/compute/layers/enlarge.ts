import * as tf from "@tensorflow/tfjs-core";
import type { Tensor4D } from "@tensorflow/tfjs-core";

import type { ForwardKernels, Shape4D, TrainingKernels } from "#main/compute/kernels/kernels.ts";

import type { ForwardTape, Value } from "./tape.ts";

const SIDE = 3;

/** How much the pixel before, the pixel itself and the one behind give along a side, to the first half of the pixel and to the second. */
const HALVES = [
  [0.25, 0.75, 0],
  [0, 0.75, 0.25],
] as const;

/** The filters that give the four quarters of each pixel, in row order. */
const QUARTERS = HALVES.flatMap((rows) =>
  HALVES.map((columns) => rows.flatMap((row) => columns.map((column) => row * column))),
);

/**
 * Doubles height and width: `[B, H, W, C]` to `[B, 2 H, 2 W, C]`, bilinear between the middles of pixels, with zeros around as
 * convolutions have them.
 */
export function enlarge(tape: ForwardTape, x: Value): Value {
  const { shape } = x.tensor;
  return tape.recordOne(spread(tape.kernels, x.tensor), [x], [], (gradient, kernels) => [
    x.needsGradient ? gather(kernels, gradient as Tensor4D, shape) : null,
  ]);
}

function spread(kernels: ForwardKernels, x: Tensor4D): Tensor4D {
  const filters = makeFilters(kernels, x.shape[3]);
  const quarters = filters.map((filter) => kernels.depthwise(x, filter, 1));
  const joined = kernels.concatChannels(quarters);
  const y = kernels.depthToSpace(joined, 2);
  tf.dispose([...filters, ...quarters, joined]);
  return y;
}

/** What each pixel gave, gathered again: the gradient of `spread`. */
function gather(kernels: TrainingKernels, dy: Tensor4D, shape: Shape4D): Tensor4D {
  const filters = makeFilters(kernels, shape[3]);
  const joined = kernels.spaceToDepth(dy, 2);
  const quarters = kernels.splitChannels(joined, filters.length);
  const parts = filters.map((filter, index) => {
    const quarter = quarters[index];
    if (quarter === undefined)
      throw new Error(`enlarge: there must be a gradient for each quarter, got ${quarters.length}`);
    return kernels.depthwiseInputGradient(shape, filter, quarter, 1);
  });
  const dx = kernels.addN(parts);
  tf.dispose([...filters, joined, ...quarters, ...parts]);
  return dx;
}

function makeFilters(kernels: ForwardKernels, channels: number): Tensor4D[] {
  return QUARTERS.map((weights) => {
    const values = Float32Array.from(weights.flatMap((weight) => Array.from({ length: channels }, () => weight)));
    return kernels.constant(values, [SIDE, SIDE, channels, 1]);
  });
}
