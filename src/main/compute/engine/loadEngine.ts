import { createRequire } from "node:module";
import util from "node:util";

import type * as Tfjs from "@tensorflow/tfjs";

import { getTensorflowBackend } from "#main/compute/kernels/tensorflowBackend.ts";
import { getComputeEnvironment } from "#main/engine/install/computeEnvironment.ts";

export interface LoadedEngine {
  readonly tf: typeof Tfjs;
  readonly backend: "tensorflow" | "cpu";
  /** Null on the plain JavaScript back end. */
  readonly tensorflowVersion: string | null;
  /** Why TensorFlow does not run; null where it does. */
  readonly fallbackReason: string | null;
}

/**
 * Loads TensorFlow.js with the native back end, or, where that does not load, with the plain JavaScript one and the
 * reason. Needs what `ensureEngine` laid in place.
 */
export async function loadEngine(): Promise<LoadedEngine> {
  const require = createRequire(import.meta.url);
  Object.assign(process.env, getComputeEnvironment(process.env));
  restoreRemovedUtilFunctions();
  try {
    const tf = require("@tensorflow/tfjs-node-gpu") as typeof Tfjs;
    await tf.ready();
    const { binding } = getTensorflowBackend();
    return { tf, backend: "tensorflow", tensorflowVersion: binding.TF_Version, fallbackReason: null };
  } catch (cause) {
    const tf = require("@tensorflow/tfjs") as typeof Tfjs;
    await tf.setBackend("cpu");
    const reason = cause instanceof Error ? cause.message : String(cause);
    return { tf, backend: "cpu", tensorflowVersion: null, fallbackReason: reason.trim().split("\n")[0] ?? reason };
  }
}

/** Node 23 removed four functions that the native package still calls; newer releases of it will not need this. */
function restoreRemovedUtilFunctions(): void {
  const removed = {
    isNullOrUndefined: (value: unknown): boolean => value === null || value === undefined,
    isUndefined: (value: unknown): boolean => value === undefined,
    isString: (value: unknown): boolean => typeof value === "string",
    isArray: Array.isArray,
  };
  for (const [name, replacement] of Object.entries(removed)) {
    if (!(name in util)) Object.defineProperty(util, name, { value: replacement, configurable: true, writable: true });
  }
}
