import { describe, expect, it } from "vitest";

import { LabError, letPass } from "#shared/labError.ts";

describe("letPass", () => {
  it("lets pass the kinds that were to be expected, and throws on every other failure", async () => {
    const expected = letPass("interrupted", "not_found");
    await Promise.reject(new LabError("not_found", "task: gone")).catch(expected);
    const full = new LabError("disk", "disk: full");
    await expect(Promise.reject(full).catch(expected)).rejects.toBe(full);
    const fault = new TypeError("x is not a function");
    await expect(Promise.reject(fault).catch(expected)).rejects.toBe(fault);
  });
});
