import { describe, expect, it } from "vitest";

import { toMemoryError } from "#main/compute/engine/memoryError.ts";

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
