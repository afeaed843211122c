import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { findCrowdedSample } from "#shared/runs/samplePictures.ts";

describe("findCrowdedSample", () => {
  it("drops nothing of sixty pictures", () => {
    expect(findCrowdedSample(Array.from({ length: 60 }, (_, index) => index))).toBeNull();
  });

  it("picks the one that is missed least: the oldest where all are alike", () => {
    const steps = Array.from({ length: 61 }, (_, index) => 10 * index);
    expect(findCrowdedSample(steps)).toBe(10);
    expect(findCrowdedSample(steps.map((step) => (step === 400 ? 405 : step)))).toBe(410);
    expect(findCrowdedSample(steps.map((step) => (step >= 400 ? step - 5 : step)))).toBe(390);
  });

  it("never picks the first or the newest", () => {
    const steps = fc
      .uniqueArray(fc.nat(10_000), { minLength: 61, maxLength: 80 })
      .map((all) => all.toSorted((a, b) => a - b));
    fc.assert(
      fc.property(steps, (all) => {
        const crowded = findCrowdedSample(all);
        expect(all.slice(1, -1)).toContain(crowded);
      }),
    );
  });
});
