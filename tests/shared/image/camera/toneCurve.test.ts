import { describe, expect, it } from "vitest";

import { createToneCurve } from "#shared/image/camera/toneCurve.ts";

/** IEC 61966-2-1, then the S-curve. */
function display(linear: number, strength: number): number {
  const y = linear <= 0.0031308 ? 12.92 * linear : 1.055 * linear ** (1 / 2.4) - 0.055;
  return (1 - strength) * y + strength * (3 * y * y - 2 * y * y * y);
}

describe("createToneCurve", () => {
  it.each([0, 0.4, 1])("is sRGB's curve with an S-curve of strength %d, both ways", (strength) => {
    const { toDisplayed, toLinear } = createToneCurve(strength);
    for (let i = 1; i < 200; i++) {
      const linear = (i / 200) ** 3;
      const displayed = display(linear, strength);
      expect(Math.abs(toDisplayed(linear) - displayed)).toBeLessThan(1e-4);
      // Where the S-curve is flat, a displayed value says little of the light.
      expect(Math.abs(display(toLinear(displayed), strength) - displayed)).toBeLessThan(5e-4);
    }
  });

  it("goes on straight beyond black and white, and takes displayed values there as black and white", () => {
    const { toDisplayed, toLinear } = createToneCurve(0.5);
    const slopeAt = (from: number) => (toDisplayed(from + 0.002) - toDisplayed(from)) / 0.002;
    expect(slopeAt(-0.1)).toBeCloseTo(0.5 * 12.92, 6);
    expect(slopeAt(1.1)).toBeCloseTo((0.5 * 1.055) / 2.4, 6);
    expect(toDisplayed(0)).toBeCloseTo(0, 12);
    expect(toDisplayed(1)).toBe(1);
    expect([toLinear(-0.2), toLinear(1.3)]).toEqual([0, 1]);
  });
});
