import { describe, expect, it } from "vitest";

import { hasNarrowConvolutions } from "#main/engine/processorFlags.ts";

describe("convolutions in bfloat16", () => {
  it("are there from AVX-512 on, and where nobody knows", () => {
    expect(hasNarrowConvolutions(new Set(["avx2", "fma"]))).toBe(false);
    expect(hasNarrowConvolutions(new Set(["avx2", "avx512f", "avx512bw"]))).toBe(true);
    expect(hasNarrowConvolutions(null)).toBe(true);
  });
});
