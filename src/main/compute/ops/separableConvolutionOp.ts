import { convolve, convolveDepthwise } from "#main/compute/layers/convolution.ts";

import { blockDiagonal } from "./blockDiagonal.ts";
import type { ComputedOp } from "./op.ts";

/**
 * Twice: leaky ReLU, depthwise convolution, pointwise convolution, batch norm (science notes 1.2). For several edges the
 * first depthwise stage uses channel multipliers, so its channels come grouped by input channel; later ones by edge.
 */
export function separableConvolutionOp(side: number): ComputedOp {
  return {
    kind: "computed",
    parameters: (channels) => [
      { name: "depthwise_1", edgeShape: [side, side, channels, 1], edgeAxis: 3, fanIn: side * side },
      { name: "pointwise_1", edgeShape: [1, 1, channels, channels], edgeAxis: 0, fanIn: channels },
      { name: "depthwise_2", edgeShape: [side, side, channels, 1], edgeAxis: 2, fanIn: side * side },
      { name: "pointwise_2", edgeShape: [1, 1, channels, channels], edgeAxis: 0, fanIn: channels },
    ],
    norms: [
      { name: "bn_1", filter: "pointwise_1" },
      { name: "bn_2", filter: "pointwise_2" },
    ],
    apply: ({ tape, activated, parameter, normaliseAndActivate }) => {
      const spread = convolveDepthwise(tape, activated, parameter("depthwise_1"));
      const mixed = convolve(tape, spread, blockDiagonal(tape, parameter("pointwise_1"), "input_channel"));
      const middle = normaliseAndActivate(mixed, "bn_1");
      const filtered = convolveDepthwise(tape, middle, parameter("depthwise_2"));
      return convolve(tape, filtered, blockDiagonal(tape, parameter("pointwise_2"), "edge"));
    },
  };
}
