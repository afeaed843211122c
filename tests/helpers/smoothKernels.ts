import * as tf from "@tensorflow/tfjs-core";
import type { Tensor4D } from "@tensorflow/tfjs-core";

import type { TrainingKernels } from "#main/compute/kernels/kernels.ts";

import { listKernels } from "./kernelCases.ts";

/**
 * The fastest kernels of this machine with another activation, asinh, which has no kink: finite differences of whole
 * networks get close with it. Like the leaky ReLU its slope follows from its output.
 */
export async function makeSmoothKernels(): Promise<TrainingKernels> {
  const [fastest] = await listKernels();
  const smooth: Partial<TrainingKernels> = {
    leakyRelu: (x) => tf.asinh(x),
    leakyReluGradient: (dy, y) => tf.tidy<Tensor4D>(() => tf.div(dy, tf.cosh(y))),
  };
  return Object.assign(fastest!.kernels, smooth);
}
