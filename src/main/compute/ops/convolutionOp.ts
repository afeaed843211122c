import { convolve } from "#main/compute/layers/convolution.ts";

import type { ComputedOp } from "./op.ts";

/** Leaky ReLU, then a full convolution with a `side` x `side` filter (science notes 1.2); the edges are output channels. */
export function convolutionOp(side: number, dilation: number): ComputedOp {
  return {
    kind: "computed",
    parameters: (channels) => [
      {
        name: "conv",
        edgeShape: [side, side, channels, channels],
        edgeAxis: 3,
        channelAxes: [2, 3],
        fanIn: side * side * channels,
      },
    ],
    norms: [{ name: "bn", filter: "conv" }],
    apply: ({ tape, activated, parameter }) => convolve(tape, activated, parameter("conv"), dilation),
  };
}
