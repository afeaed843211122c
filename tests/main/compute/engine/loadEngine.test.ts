import { execFile } from "node:child_process";
import { resolve } from "node:path";
import { promisify } from "node:util";

import { describe, expect, it } from "vitest";

import { loadEngine } from "#main/compute/engine/loadEngine.ts";

describe("loadEngine", () => {
  it("computes, and says which back end does", async () => {
    const { tf, backend, tensorflowVersion, fallbackReason } = await loadEngine();
    expect(Array.from(tf.tidy(() => tf.tensor1d([1, -2, 3]).square().dataSync()))).toEqual([1, 4, 9]);
    expect(tf.getBackend()).toBe(backend);
    if (backend === "tensorflow") expect([tensorflowVersion, fallbackReason]).toEqual([expect.any(String), null]);
    else expect([tensorflowVersion, fallbackReason]).toEqual([null, expect.any(String)]);
  });

  it("falls back to plain JavaScript with the loader's words where no addon loads", async () => {
    const script = `
      process.dlopen = () => { throw new Error("libtensorflow_cc.so.2: cannot open shared object file"); };
      const { loadEngine } = await import(${JSON.stringify(resolve("src/main/compute/engine/loadEngine.ts"))});
      const { startEngine } = await import(${JSON.stringify(resolve("src/main/compute/engine/engine.ts"))});
      const { describeEngine } = await import(${JSON.stringify(resolve("src/main/compute/engine/engineFacts.ts"))});
      const { tf } = await loadEngine();
      const { backend, fallbackReason } = describeEngine(await startEngine());
      const sum = tf.tidy(() => tf.tensor1d([1, 2, 3]).sum().dataSync()[0]);
      process.stdout.write(JSON.stringify({ backend, fallbackReason, sum }));
    `;
    const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", script]);
    expect(JSON.parse(stdout)).toEqual({
      backend: "cpu",
      fallbackReason: expect.stringMatching(/libtensorflow_cc.so.2: cannot open|tfjs_binding.node\) can not be found/),
      sum: 6,
    });
  });
});
