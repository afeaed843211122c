import type { Tensor } from "@tensorflow/tfjs-core";

import type { GraphBackend } from "#main/compute/kernels/graph/compileGraph.ts";

/** An attribute of a TensorFlow op as the binding takes it. */
export interface OpAttribute {
  readonly name: string;
  readonly type: number;
  readonly value: number | boolean | string | readonly number[];
}

/** The part of the TensorFlow back end that runs any op by name. */
export interface TensorflowBackend extends GraphBackend {
  readonly binding: Readonly<
    Record<
      "TF_ATTR_INT" | "TF_ATTR_FLOAT" | "TF_ATTR_BOOL" | "TF_ATTR_STRING" | "TF_ATTR_TYPE" | "TF_FLOAT" | "TF_INT32",
      number
    >
  >;
  executeSingleOutput(name: string, attributes: readonly OpAttribute[], inputs: readonly Tensor[]): Tensor;
  executeMultipleOutputs(
    name: string,
    attributes: readonly OpAttribute[],
    inputs: readonly Tensor[],
    outputs: number,
  ): Tensor[];
}
