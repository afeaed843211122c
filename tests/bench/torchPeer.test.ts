import { describe, expect, it } from "vitest";

import type { NetworkGraph } from "#shared/space/graph/networkGraph.ts";

import { findPython, measureTorch, runTorch } from "./torchPeer.ts";

/** Every kind of node. */
const GRAPH: NetworkGraph = {
  nodes: [
    { name: "noisy", part: "", inputs: [], kind: "input", channels: 1 },
    { name: "packed", part: "", inputs: ["noisy"], kind: "unshuffle", block: 2 },
    { name: "stem", part: "", inputs: ["packed"], kind: "convolution", side: 3, dilation: 2, channels: 8 },
    { name: "stem.bn", part: "", inputs: ["stem"], kind: "norm", isAffine: true },
    { name: "active", part: "", inputs: ["stem.bn"], kind: "activation" },
    { name: "deep", part: "", inputs: ["active"], kind: "depthwise", side: 5, dilation: 1 },
    { name: "deep.bn", part: "", inputs: ["deep"], kind: "norm", isAffine: false },
    { name: "sum", part: "", inputs: ["active", "deep.bn"], kind: "add" },
    { name: "joined", part: "", inputs: ["sum", "active"], kind: "concat" },
    { name: "noise", part: "", inputs: ["joined"], kind: "convolution", side: 1, dilation: 1, channels: 4 },
    { name: "shifted", part: "", inputs: ["noise"], kind: "bias" },
    { name: "spread", part: "", inputs: ["shifted"], kind: "shuffle", block: 2 },
    { name: "output", part: "", inputs: ["noisy", "spread"], kind: "subtract" },
  ],
  output: "output",
};
const python = findPython(process.env);

describe("the same network in PyTorch", () => {
  it("is skipped in words where no Python has torch", () => {
    expect(measureTorch(GRAPH, { HINAS_PYTHON: "no-such-python" })).toContain("PyTorch is skipped");
  });

  it("fails with the script's own words where the script cannot run", () => {
    expect(() => runTorch("no-such-python", {}, process.env)).toThrow("the network in PyTorch failed");
  });

  it.skipIf(python === null)(
    "has every kind of node, trains and denoises (needs torch)",
    () => {
      const inference = { graph: GRAPH, side: 16 };
      const job = {
        warmUp: 0,
        repeats: 1,
        training: { graph: GRAPH, batchSize: 2, patchSize: 16, ssimWeight: 0.5 },
        inference,
      };
      const { parameters, trainStepSeconds, mpixelPerSecond } = runTorch(python!, job, process.env);
      expect(parameters).toBe(9 * 4 * 8 + 16 + 25 * 8 + 16 * 4 + 4);
      expect(Math.min(trainStepSeconds, mpixelPerSecond)).toBeGreaterThan(0);
    },
    180_000,
  );
});
