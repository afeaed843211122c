import { createRequire } from "node:module";
import util from "node:util";

import * as tf from "@tensorflow/tfjs-core";

import { ADDON_VARIABLE, getComputeEnvironment } from "#main/engine/install/computeEnvironment.ts";
import { getTensorflowBackend, type TensorflowBackend } from "#main/compute/kernels/tensorflowBackend.ts";

/** TensorFlow's back end, or why plain JavaScript computes in its place. */
export type LoadedEngine =
  | { readonly backend: "tensorflow"; readonly native: TensorflowBackend }
  | { readonly backend: "cpu"; readonly fallbackReason: string };

/**
 * Loads TensorFlow.js with the native back end, or, where that does not load, with the plain JavaScript one and the
 * reason. Needs the environment that `ensureEngine` found.
 */
export async function loadEngine(): Promise<LoadedEngine> {
  const require = createRequire(import.meta.url);
  Object.assign(process.env, getComputeEnvironment(process.env));
  restoreRemovedUtilFunctions();
  try {
    loadPackage(require, process.env[ADDON_VARIABLE]);
    await tf.ready();
    return { backend: "tensorflow", native: getTensorflowBackend() };
  } catch (cause) {
    require("@tensorflow/tfjs-backend-cpu");
    await tf.setBackend("cpu");
    const reason = cause instanceof Error ? cause.message : String(cause);
    return { backend: "cpu", fallbackReason: reason.trim().split("\n")[0] ?? reason };
  }
}

/**
 * Loads the native package with an addon from elsewhere. The package asks node-pre-gyp where its addon lies, and nothing
 * needs to be written into its folder where the answer is ours: the program may be installed where nobody may write.
 */
function loadPackage(require: NodeJS.Require, addonFile: string | undefined): void {
  const packageRequire = createRequire(require.resolve("@tensorflow/tfjs-node-gpu/package.json"));
  const finder = packageRequire("@mapbox/node-pre-gyp/lib/pre-binding.js") as { find: (packageFile: string) => string };
  const { find } = finder;
  if (addonFile !== undefined) finder.find = () => addonFile;
  try {
    require("@tensorflow/tfjs-node-gpu");
  } finally {
    finder.find = find;
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
