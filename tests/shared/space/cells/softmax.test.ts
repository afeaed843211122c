import { describe, expect, it } from "vitest";

import { softmax } from "#shared/space/cells/softmax.ts";

describe("softmax", () => {
  it("weighs logits by their exponentials", () => {
    const weights = softmax([0, Math.log(2), Math.log(5)]);
    for (const [index, expected] of [1 / 8, 2 / 8, 5 / 8].entries()) expect(weights[index]).toBeCloseTo(expected, 15);
  });

  it("survives logits whose exponentials overflow", () => {
    expect(softmax([1000, 1000, -1000])).toEqual([0.5, 0.5, 0]);
  });

  it("gives a masked move no weight that counts", () => {
    expect(softmax([-50, 1, 1])[0]).toBeLessThan(1e-20);
  });
});
