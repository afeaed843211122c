import { availableParallelism } from "node:os";

import type { InferenceSession } from "onnxruntime-node";

import { LabError } from "#shared/labError.ts";

/** The part of onnxruntime that we use. */
export type OnnxRuntime = typeof import("onnxruntime-node");

/**
 * How sessions run. The arena would keep the most that any tile ever took, twice over after each growth, and patterns are
 * learnt for each size of tile; without both, what is held is what the moment needs.
 */
const SESSION_OPTIONS: InferenceSession.SessionOptions = {
  executionProviders: ["cpu"],
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

/** Opens an ONNX model for all cores of the processor; the caller releases it. Throws LabError `engine` where it is refused. */
export async function openSession(runtime: OnnxRuntime, model: Uint8Array): Promise<InferenceSession> {
  try {
    const options = { ...SESSION_OPTIONS, intraOpNumThreads: availableParallelism() };
    return await runtime.InferenceSession.create(model, options);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new LabError("engine", `onnxruntime refuses the network: ${reason}`, { cause });
  }
}
