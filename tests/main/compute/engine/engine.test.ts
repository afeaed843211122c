import { execFile } from "node:child_process";
import { resolve } from "node:path";
import { promisify } from "node:util";

import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";

import { describeEngine, startEngine, toMemoryError } from "#main/compute/engine/engine.ts";

/** Runs a script that says with `tell` what it finds, after `prepare` has spoilt the engine for its process. */
async function runSpoilt(prepare: string, script: string): Promise<unknown> {
  const lines = [
    prepare,
    `const { startEngine, describeEngine } = await import(${JSON.stringify(resolve("src/main/compute/engine/engine.ts"))});`,
    `const { runSelfTest } = await import(${JSON.stringify(resolve("src/main/compute/doctor/selfTest.ts"))});`,
    "const engine = await startEngine();",
    script,
  ];
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", lines.join("\n")]);
  return JSON.parse(stdout);
}

const TELL = `
  const { backend, fallbackReason } = describeEngine(engine);
  const failed = runSelfTest(engine).filter(({ ok }) => !ok);
  process.stdout.write(JSON.stringify({ backend, fallbackReason, failed }));
`;

describe("the engine of a process", () => {
  it("computes, and says which back end does", async () => {
    const { backend, tensorflowVersion, fallbackReason } = describeEngine(await startEngine());
    expect(Array.from(tf.tidy(() => tf.square(tf.tensor1d([1, -2, 3])).dataSync()))).toEqual([1, 4, 9]);
    expect(tf.getBackend()).toBe(backend);
    if (backend === "tensorflow") expect([tensorflowVersion, fallbackReason]).toEqual([expect.any(String), null]);
    else expect([tensorflowVersion, fallbackReason]).toEqual([null, expect.any(String)]);
  });

  it("is plain JavaScript, with the loader's words and right gradients, where no addon loads", async () => {
    const prepare = `process.dlopen = () => { throw new Error("libtensorflow_cc.so.2: cannot open shared object file"); };`;
    expect(await runSpoilt(prepare, TELL)).toEqual({
      backend: "cpu",
      fallbackReason: expect.stringMatching(/libtensorflow_cc.so.2: cannot open|tfjs_binding.node\) can not be found/),
      failed: [],
    });
  });

  it("is plain JavaScript with right gradients where neither the native package nor all of TensorFlow.js is there", async () => {
    const prepare = `
      const { registerHooks } = await import("node:module");
      registerHooks({
        resolve: (name, context, next) => {
          if (/^@tensorflow\\/tfjs(-node-gpu)?$/.test(name)) throw new Error("no package " + name);
          return next(name, context);
        },
      });
    `;
    expect(await runSpoilt(prepare, TELL)).toEqual({
      backend: "cpu",
      fallbackReason: "no package @tensorflow/tfjs-node-gpu",
      failed: [],
    });
  });
});

describe("toMemoryError", () => {
  it("knows how TensorFlow, CUDA and JavaScript say that memory ran out", () => {
    const tensorflow = "OOM when allocating tensor with shape[1,9000,9000,64] and type float by allocator cpu";
    for (const text of [tensorflow, "CUDA_ERROR_OUT_OF_MEMORY: out of memory"]) {
      expect(toMemoryError(new Error(text))).toMatchObject({ kind: "memory", message: expect.stringContaining(text) });
    }
    expect(toMemoryError(allocateTooMuch())).toMatchObject({ kind: "memory" });
  });

  it("leaves other errors as they are", () => {
    const error = new Error("shapes differ");
    expect(toMemoryError(error)).toBe(error);
  });
});

function allocateTooMuch(): unknown {
  try {
    return new ArrayBuffer(Number.MAX_SAFE_INTEGER);
  } catch (error) {
    return error;
  }
}
