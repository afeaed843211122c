import type { Tensor4D } from "@tensorflow/tfjs-core";

import type { TrainingKernels } from "#main/compute/kernels/kernels.ts";

import type { ForwardTape, Value } from "./tape.ts";

/**
 * A depthwise convolution `[K, K, C, M]`, whose taps lie `dilation` pixels apart, and at once a pointwise one `[1, 1, C * M, D]`: `[B, H, W, C]` to `[B, H, W, D]`. What
 * passes between them is not remembered but computed again where the pointwise filter's gradient needs it: a depthwise
 * convolution is cheap, and these tensors are a third of what a supernet would remember.
 */
export function convolveSeparable(
  tape: ForwardTape,
  x: Value,
  depthwise: Value,
  pointwise: Value,
  dilation = 1,
): Value {
  const spread = tape.kernels.depthwise(x.tensor, depthwise.tensor, dilation);
  const shape = spread.shape;
  const y = tape.kernels.conv2d(spread, pointwise.tensor, 1);
  spread.dispose();
  return tape.recordOne(y, [x, depthwise, pointwise], [], (gradient, kernels) => {
    const dy = gradient as Tensor4D;
    const pointwiseGradient = pointwise.needsGradient
      ? filterGradient(kernels, { x, depthwise, pointwise, dilation }, dy)
      : null;
    if (!x.needsGradient && !depthwise.needsGradient) {
      return [null, null, pointwiseGradient];
    }
    const dSpread = kernels.conv2dInputGradient(shape, pointwise.tensor, dy, 1);
    const gradients = [
      x.needsGradient ? kernels.depthwiseInputGradient(x.tensor.shape, depthwise.tensor, dSpread, dilation) : null,
      depthwise.needsGradient
        ? kernels.depthwiseFilterGradient(x.tensor, depthwise.tensor.shape, dSpread, dilation)
        : null,
      pointwiseGradient,
    ];
    dSpread.dispose();
    return gradients;
  });
}

interface SeparableParts {
  readonly x: Value;
  readonly depthwise: Value;
  readonly pointwise: Value;
  readonly dilation: number;
}

function filterGradient(
  kernels: TrainingKernels,
  { x, depthwise, pointwise, dilation }: SeparableParts,
  dy: Tensor4D,
): Tensor4D {
  const spread = kernels.depthwise(x.tensor, depthwise.tensor, dilation);
  const gradient = kernels.conv2dFilterGradient(spread, pointwise.tensor.shape, dy, 1);
  spread.dispose();
  return gradient;
}
