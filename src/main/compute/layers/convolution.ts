import type { Tensor4D } from "@tensorflow/tfjs-core";

import type { ForwardTape, Value } from "./tape.ts";

/** Convolves `[B, H, W, C]` with a filter `[K, K, C, D]`, stride 1, size kept: `[B, H, W, D]`. */
export function convolve(tape: ForwardTape, x: Value, filter: Value, dilation = 1): Value {
  return tape.recordOne(
    tape.kernels.conv2d(x.tensor, filter.tensor, dilation),
    [x, filter],
    [],
    (gradient, kernels) => {
      const dy = gradient as Tensor4D;
      return [
        x.needsGradient ? kernels.conv2dInputGradient(x.tensor.shape, filter.tensor, dy, dilation) : null,
        filter.needsGradient ? kernels.conv2dFilterGradient(x.tensor, filter.tensor.shape, dy, dilation) : null,
      ];
    },
  );
}

/** Convolves each channel of `[B, H, W, C]` by itself with `[K, K, C, M]`: `[B, H, W, C * M]`, channel c * M + m. */
export function convolveDepthwise(tape: ForwardTape, x: Value, filter: Value, dilation = 1): Value {
  return tape.recordOne(
    tape.kernels.depthwise(x.tensor, filter.tensor, dilation),
    [x, filter],
    [],
    (gradient, kernels) => {
      const dy = gradient as Tensor4D;
      return [
        x.needsGradient ? kernels.depthwiseInputGradient(x.tensor.shape, filter.tensor, dy, dilation) : null,
        filter.needsGradient ? kernels.depthwiseFilterGradient(x.tensor, filter.tensor.shape, dy, dilation) : null,
      ];
    },
  );
}
