import { convolveSeparable } from "#main/compute/layers/separable.ts";

import { blockDiagonal } from "./blockDiagonal.ts";
import type { ComputedOp, OpParameter } from "./op.ts";

/**
 * Twice: leaky ReLU, depthwise convolution, pointwise convolution, batch norm (science notes 1.2). For several edges the
 * first depthwise stage uses channel multipliers, so its channels come grouped by input channel; later ones by edge.
 */
export function separableConvolutionOp(side: number): ComputedOp {
  return {
    kind: "computed",
    parameters: (channels) => [
      depthwise("depthwise_1", side, channels, 3),
      pointwise("pointwise_1", channels),
      depthwise("depthwise_2", side, channels, 2),
      pointwise("pointwise_2", channels),
    ],
    norms: [
      { name: "bn_1", filter: "pointwise_1" },
      { name: "bn_2", filter: "pointwise_2" },
    ],
    apply: ({ tape, activated, parameter, normaliseAndActivate }) => {
      const first = blockDiagonal(tape, parameter("pointwise_1"), "input_channel");
      const mixed = convolveSeparable(tape, activated, parameter("depthwise_1"), first);
      const middle = normaliseAndActivate(mixed, "bn_1");
      const second = blockDiagonal(tape, parameter("pointwise_2"), "edge");
      return convolveSeparable(tape, middle, parameter("depthwise_2"), second);
    },
  };
}

function depthwise(name: string, side: number, channels: number, edgeAxis: 2 | 3): OpParameter {
  return { name, edgeShape: [side, side, channels, 1], edgeAxis, channelAxes: [2], fanIn: side * side };
}

function pointwise(name: string, channels: number): OpParameter {
  return { name, edgeShape: [1, 1, channels, channels], edgeAxis: 0, channelAxes: [2, 3], fanIn: channels };
}
