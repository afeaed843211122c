import { describe, expect, it } from "vitest";

import { INT32, FLOAT } from "#main/compute/kernels/graph/savedModel.ts";
import type { GraphNode } from "#main/compute/kernels/graph/savedModel.ts";
import { settleBiasGradients } from "#main/compute/kernels/graph/settleBiasGradients.ts";

const float = { T: { type: FLOAT } };
const node = (name: string, op: string, ...input: string[]): GraphNode => ({ name, op, input, attr: float });

describe("settleBiasGradients", () => {
  const first = node("first", "Conv2DBackpropFilter", "x", "shape", "dy");
  const second = node("second", "Conv2DBackpropFilter", "z", "shape", "dy");
  const bias = node("bias", "BiasAddGrad", "dy", "^first");

  it("sums over the pixels where two filter gradients read the same dy", () => {
    const settled = settleBiasGradients([first, second, bias]);
    const axes = settled.find(({ op }) => op === "Const");
    expect(settled.find(({ name }) => name === "bias")).toEqual({
      name: "bias",
      op: "Sum",
      input: ["dy", axes?.name, "^first"],
      attr: { ...float, Tidx: { type: INT32 }, keep_dims: { b: false } },
    });
    expect(settled.filter(({ op }) => op === "Conv2DBackpropFilter")).toEqual([first, second]);
  });

  it("leaves the bias gradients that belong to one filter", () => {
    const own = [first, bias, node("other", "Conv2DBackpropFilter", "x", "shape", "other dy")];
    expect(settleBiasGradients(own)).toBe(own);
  });
});
