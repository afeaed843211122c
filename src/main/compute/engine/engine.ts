import { cpus } from "node:os";

import * as tf from "@tensorflow/tfjs-core";
import type { Tensor, Tensor4D } from "@tensorflow/tfjs-core";

import type { TrainingKernels } from "#main/compute/kernels/kernels.ts";
import { PortableKernels } from "#main/compute/kernels/portableKernels.ts";
import { TensorflowKernels } from "#main/compute/kernels/tensorflowKernels.ts";
import type { TensorflowBackend } from "#main/compute/kernels/tensorflowBackend.ts";
import type { DilationRoute } from "#main/compute/kernels/tensorflowKernels.ts";
import type { EngineFacts } from "#shared/api/doctor.ts";
import { at } from "#shared/at.ts";
import { LabError } from "#shared/labError.ts";

import { loadEngine } from "./loadEngine.ts";

/** A running engine: the kernels that everything with tensors is built on, and what it is. */
export interface Engine {
  readonly kernels: TrainingKernels;
  readonly backend: "tensorflow" | "cpu";
  readonly tensorflowVersion: string | null;
  readonly isGpu: boolean;
  readonly dilationRoute: DilationRoute;
  /** Why the native engine does not run; null where it does. */
  readonly fallbackReason: string | null;
}

/** Largest difference, relative to the largest value, at which the native dilated convolution is trusted. */
const DILATION_TOLERANCE = 1e-4;

/** How TensorFlow, CUDA and JavaScript say that memory could not be had. */
const TEXTS = /OOM when allocating|out[ _]of[ _]memory|failed to allocate memory|array buffer allocation failed/i;

let started: Promise<Engine> | null = null;

/** Starts the engine of this process, once; later calls return the same one. */
export function startEngine(): Promise<Engine> {
  started ??= openEngine();
  return started;
}

/** Describes a running engine. The routes that led to it are the host's to tell. */
export function describeEngine(engine: Engine): EngineFacts {
  const { backend, tensorflowVersion, isGpu, dilationRoute, fallbackReason } = engine;
  return {
    backend,
    tensorflowVersion,
    device: isGpu ? "GPU" : (cpus()[0]?.model ?? "unknown processor"),
    isGpu,
    oneDnn: backend === "tensorflow" && !isGpu && process.env["TF_ENABLE_ONEDNN_OPTS"] === "1",
    dilatedConvolution: dilationRoute,
    fallbackReason,
    routes: [],
  };
}

/** Turns an error that says that memory ran out into a LabError `memory`; returns every other as it is. */
export function toMemoryError(error: unknown): unknown {
  if (error instanceof LabError || !(error instanceof Error) || !TEXTS.test(error.message)) return error;
  return new LabError("memory", `memory ran out: ${error.message}`, { cause: error });
}

async function openEngine(): Promise<Engine> {
  const loaded = await loadEngine();
  if (loaded.backend === "cpu") {
    const { backend, fallbackReason } = loaded;
    const kernels = new PortableKernels();
    return { kernels, backend, tensorflowVersion: null, isGpu: false, dilationRoute: "space_to_batch", fallbackReason };
  }
  const { backend, native } = loaded;
  const dilationRoute = isNativeDilationRight(native) ? "native" : "space_to_batch";
  return {
    kernels: new TensorflowKernels(native, dilationRoute),
    backend,
    tensorflowVersion: native.binding.TF_Version,
    isGpu: native.isUsingGpuDevice,
    dilationRoute,
    fallbackReason: null,
  };
}

/**
 * Compares TensorFlow's dilated convolution and both its gradients with the interleaved form, which is right everywhere.
 * Some builds refuse dilated gradients, others have been reported to ignore the dilation.
 */
function isNativeDilationRight(backend: TensorflowBackend): boolean {
  const x = tf.randomNormal<tf.Rank.R4>([2, 9, 11, 3], 0, 1, "float32", 1);
  const filter = tf.randomNormal<tf.Rank.R4>([5, 5, 3, 4], 0, 1, "float32", 2);
  const dy = tf.randomNormal<tf.Rank.R4>([2, 9, 11, 4], 0, 1, "float32", 3);
  const run = (kernels: TrainingKernels): Tensor4D[] => [
    kernels.conv2d(x, filter, 2),
    kernels.conv2dInputGradient(x.shape, filter, dy, 2),
    kernels.conv2dFilterGradient(x, filter.shape, dy, 2),
  ];
  try {
    const reference = new TensorflowKernels(backend, "space_to_batch");
    const trial = new TensorflowKernels(backend, "native");
    return tf.tidy(() => {
      const expected = run(reference);
      return run(trial).every(
        (tensor, index) => relativeError(tensor, at(expected, index, "dilation check")) < DILATION_TOLERANCE,
      );
    });
  } catch {
    // TensorFlow says that it cannot: that is the answer to the question.
    return false;
  } finally {
    tf.dispose([x, filter, dy]);
  }
}

function relativeError(actual: Tensor4D, expected: Tensor4D): number {
  const largest = (tensor: Tensor): number => at(tf.max(tf.abs(tensor)).dataSync<"float32">(), 0, "largest value");
  return largest(tf.sub(actual, expected)) / largest(expected);
}
