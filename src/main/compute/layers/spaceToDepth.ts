import type { Tensor4D } from "@tensorflow/tfjs-core";

import type { ForwardTape, Value } from "./tape.ts";

/**
 * Moves each `block` x `block` square of pixels into channels: `[B, H, W, C]` to `[B, H / block, W / block, block * block * C]`,
 * channel (dy * block + dx) * C + c. Height and width must be multiples of the block.
 */
export function spaceToDepth(tape: ForwardTape, x: Value, block: number): Value {
  return tape.recordOne(tape.kernels.spaceToDepth(x.tensor, block), [x], [], (gradient, kernels) => [
    x.needsGradient ? kernels.depthToSpace(gradient as Tensor4D, block) : null,
  ]);
}

/** The inverse of `spaceToDepth`: `[B, H, W, block * block * C]` to `[B, H * block, W * block, C]`. */
export function depthToSpace(tape: ForwardTape, x: Value, block: number): Value {
  return tape.recordOne(tape.kernels.depthToSpace(x.tensor, block), [x], [], (gradient, kernels) => [
    x.needsGradient ? kernels.spaceToDepth(gradient as Tensor4D, block) : null,
  ]);
}
