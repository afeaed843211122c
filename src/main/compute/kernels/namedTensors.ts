import type { Tensor } from "@tensorflow/tfjs-core";

import type { NamedTensors } from "./kernels.ts";

/** Looks a tensor of a step up by name; a missing one is a bug in the caller. */
export function tensorOf(tensors: NamedTensors, name: string): Tensor {
  const tensor = tensors.get(name);
  if (tensor === undefined)
    throw new Error(`step: there is no tensor named ${name} among ${[...tensors.keys()].join(", ")}`);
  return tensor;
}
