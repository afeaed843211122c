import * as tf from "@tensorflow/tfjs-core";
import type { Tensor } from "@tensorflow/tfjs-core";

import type { GraphBackend } from "#main/compute/kernels/graph/loadGraph.ts";

/** An attribute of a TensorFlow op as the binding takes it. */
export interface OpAttribute {
  readonly name: string;
  readonly type: number;
  /** Null for a shape that is not known. */
  readonly value: number | boolean | string | readonly number[] | null;
}

/** The part of the TensorFlow back end that runs any op by name; the stock typings do not declare it. */
export interface TensorflowBackend extends GraphBackend {
  readonly isUsingGpuDevice: boolean;
  readonly binding: Readonly<
    Record<
      "TF_ATTR_INT" | "TF_ATTR_FLOAT" | "TF_ATTR_BOOL" | "TF_ATTR_STRING" | "TF_ATTR_TYPE" | "TF_FLOAT" | "TF_INT32",
      number
    >
  > & { readonly TF_Version: string };
  /** Numbers of a tensor, by what it stores them under. */
  readSync(dataId: object): ArrayLike<number>;
  executeSingleOutput(name: string, attributes: readonly OpAttribute[], inputs: readonly Tensor[]): Tensor;
  executeMultipleOutputs(
    name: string,
    attributes: readonly OpAttribute[],
    inputs: readonly Tensor[],
    outputs: number,
  ): Tensor[];
}

/** Returns the running back end. Throws where it is not TensorFlow's. */
export function getTensorflowBackend(): TensorflowBackend {
  const backend: object = tf.backend();
  if (!isTensorflowBackend(backend)) throw new Error(`engine: expected TensorFlow's back end, got ${tf.getBackend()}`);
  return backend;
}

function isTensorflowBackend(backend: object): backend is TensorflowBackend {
  return "executeSingleOutput" in backend && "runSavedModel" in backend && "isUsingGpuDevice" in backend;
}
