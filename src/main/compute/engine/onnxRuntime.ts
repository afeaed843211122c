import { availableParallelism } from "node:os";

import type { InferenceSession } from "onnxruntime-node";

import { ONNX_DEVICE_NAMES, type OnnxDevice } from "#shared/api/denoising.ts";
import { LabError } from "#shared/labError.ts";

/** The part of onnxruntime that we use. */
export type OnnxRuntime = typeof import("onnxruntime-node");

/**
 * How sessions run. The arena would keep the most that any tile ever took, twice over after each growth, and patterns are
 * learnt for each size of tile; without both, what is held is what the moment needs.
 */
const SESSION_OPTIONS: InferenceSession.SessionOptions = {
  enableCpuMemArena: false,
  enableMemPattern: false,
  executionMode: "sequential",
  graphOptimizationLevel: "all",
  // Errors alone; they are thrown too.
  logSeverityLevel: 3,
};

/** Loads onnxruntime, whose libraries came with its package. Throws LabError `engine` where there are none for this system. */
export async function loadOnnxRuntime(): Promise<OnnxRuntime> {
  try {
    return await import("onnxruntime-node");
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new LabError("engine", `onnxruntime does not load on this system: ${reason}`, { cause });
  }
}

/**
 * Opens an ONNX model on a device, with all cores of the processor for what that cannot do; the caller releases it. Throws
 * LabError `engine` where it is refused.
 */
export async function openSession(
  runtime: OnnxRuntime,
  model: Uint8Array,
  device: OnnxDevice = "cpu",
): Promise<InferenceSession> {
  try {
    const executionProviders = device === "cpu" ? ["cpu"] : [device, "cpu"];
    const options = { ...SESSION_OPTIONS, executionProviders, intraOpNumThreads: availableParallelism() };
    return await runtime.InferenceSession.create(model, options);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new LabError("engine", `onnxruntime refuses the network: ${reason}`, { cause });
  }
}

/** Tries whether a model opens on a device; the reason why not, null where it does. */
export async function tryDevice(runtime: OnnxRuntime, model: Uint8Array, device: OnnxDevice): Promise<string | null> {
  if (device !== "cpu" && !runtime.listSupportedBackends().some(({ name }) => name === device)) {
    return `onnxruntime has no ${ONNX_DEVICE_NAMES[device]} on this system`;
  }
  try {
    await (await openSession(runtime, model, device)).release();
    return null;
  } catch (error) {
    return error instanceof Error ? (error.message.split("\n")[0] ?? error.message) : String(error);
  }
}
