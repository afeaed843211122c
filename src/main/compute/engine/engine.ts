import * as tf from "@tensorflow/tfjs-core";
import type { Tensor4D } from "@tensorflow/tfjs-core";

import { loadEngine } from "./loadEngine.ts";
import type { Kernels } from "#main/compute/kernels/kernels.ts";
import { PortableKernels } from "#main/compute/kernels/portableKernels.ts";
import { TensorflowKernels } from "#main/compute/kernels/tensorflowKernels.ts";
import { getTensorflowBackend } from "#main/compute/kernels/tensorflowBackend.ts";
import type { TensorflowBackend } from "#main/compute/kernels/tensorflowBackend.ts";
import type { DilationRoute } from "#main/compute/kernels/tensorflowKernels.ts";

/** A running engine: the kernels that everything with tensors is built on, and what it is. */
export interface Engine {
  readonly kernels: Kernels;
  readonly backend: "tensorflow" | "cpu";
  readonly tensorflowVersion: string | null;
  readonly isGpu: boolean;
  readonly dilationRoute: DilationRoute;
  /** Why the native engine does not run; null where it does. */
  readonly fallbackReason: string | null;
}

/** Largest difference, relative to the largest value, at which the native dilated convolution is trusted. */
const DILATION_TOLERANCE = 1e-4;

let started: Promise<Engine> | null = null;

/** Starts the engine of this process, once; later calls return the same one. */
export function startEngine(): Promise<Engine> {
  started ??= openEngine();
  return started;
}

async function openEngine(): Promise<Engine> {
  const { backend, tensorflowVersion, fallbackReason } = await loadEngine();
  if (backend === "cpu") {
    const kernels = new PortableKernels();
    return { kernels, backend, tensorflowVersion, isGpu: false, dilationRoute: "space_to_batch", fallbackReason };
  }
  const native = getTensorflowBackend();
  const dilationRoute = isNativeDilationRight(native) ? "native" : "space_to_batch";
  const kernels = new TensorflowKernels(native, dilationRoute);
  return { kernels, backend, tensorflowVersion, isGpu: native.isUsingGpuDevice, dilationRoute, fallbackReason };
}

/**
 * Compares TensorFlow's dilated convolution and both its gradients with the interleaved form, which is right everywhere.
 * Some builds refuse dilated gradients, others have been reported to ignore the dilation.
 */
function isNativeDilationRight(backend: TensorflowBackend): boolean {
  const x = tf.randomNormal<tf.Rank.R4>([2, 9, 11, 3], 0, 1, "float32", 1);
  const filter = tf.randomNormal<tf.Rank.R4>([5, 5, 3, 4], 0, 1, "float32", 2);
  const dy = tf.randomNormal<tf.Rank.R4>([2, 9, 11, 4], 0, 1, "float32", 3);
  const run = (kernels: Kernels): Tensor4D[] => [
    kernels.conv2d(x, filter, 2),
    kernels.conv2dInputGradient(x.shape, filter, dy, 2),
    kernels.conv2dFilterGradient(x, filter.shape, dy, 2),
  ];
  try {
    const reference = new TensorflowKernels(backend, "space_to_batch");
    const trial = new TensorflowKernels(backend, "native");
    return tf.tidy(() => {
      const expected = run(reference);
      return run(trial).every((tensor, index) => relativeError(tensor, expected[index] ?? x) < DILATION_TOLERANCE);
    });
  } catch {
    // TensorFlow says that it cannot: that is the answer to the question.
    return false;
  } finally {
    tf.dispose([x, filter, dy]);
  }
}

function relativeError(actual: Tensor4D, expected: Tensor4D): number {
  const difference = tf.max(tf.abs(tf.sub(actual, expected))).dataSync<"float32">()[0] ?? Infinity;
  const scale = tf.max(tf.abs(expected)).dataSync<"float32">()[0] ?? 1;
  return difference / scale;
}
