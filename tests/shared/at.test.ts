import { describe, expect, it } from "vitest";

import { at } from "#shared/at.ts";

describe("at", () => {
  it("gives the entry of arrays and typed arrays, be it zero or null", () => {
    expect(at(["a", "b"], 1, "letters")).toBe("b");
    expect(at(Float32Array.of(0, 2), 0, "numbers")).toBe(0);
    expect(at([null], 0, "nothing")).toBeNull();
  });

  it.each([-1, 2, 0.5, NaN])("throws with the list's name for entry %d of two", (index) => {
    expect(() => at([1, 2], index, "filters")).toThrow(`filters: no entry ${index} among 2`);
  });
});
