import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { splitPhotos } from "#main/photos/splitPhotos.ts";

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index);

describe("splitPhotos", () => {
  it("splits the paper's 300 photos into 147, 147 and the last 6", () => {
    const { weights, architecture, validation } = splitPhotos(numbers(300), 0.02);
    expect(weights).toEqual(numbers(147));
    expect(architecture).toEqual(numbers(294).slice(147));
    expect(validation).toEqual([294, 295, 296, 297, 298, 299]);
  });

  it("keeps every photo once and in order, and leaves no part empty", () => {
    fc.assert(
      fc.property(fc.integer({ min: 3, max: 200 }), fc.double({ min: 0, max: 1, noNaN: true }), (count, share) => {
        const { weights, architecture, validation } = splitPhotos(numbers(count), share);
        expect([...weights, ...architecture, ...validation]).toEqual(numbers(count));
        expect(Math.min(weights.length, architecture.length, validation.length)).toBeGreaterThan(0);
        expect(weights.length - architecture.length).toBeGreaterThanOrEqual(0);
        expect(weights.length - architecture.length).toBeLessThanOrEqual(1);
      }),
    );
  });

  it("refuses fewer than three photos", () => {
    expect(() => splitPhotos([1, 2], 0.02)).toThrow(
      expect.objectContaining({
        kind: "bad_data",
        message: expect.stringContaining("at least 3 usable photos, got 2"),
      }),
    );
  });
});
