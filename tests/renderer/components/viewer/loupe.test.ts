import { describe, expect, it } from "vitest";

import { loupeScale, pointUnder } from "#renderer/components/viewer/loupe.ts";

describe("a loupe", () => {
  it("shows single pixels of a picture that is seen smaller, and a larger one four times as large", () => {
    expect([0.1, 0.99, 1, 2, 20].map(loupeScale)).toEqual([2, 2, 4, 8, 32]);
  });

  it("lies over the picture alone", () => {
    const place = { left: 10, top: 20, scale: 0.5 };
    const size = { width: 100, height: 60 };
    expect(pointUnder({ x: 35, y: 35 }, place, size)).toEqual({ x: 50, y: 30 });
    expect(pointUnder({ x: 9, y: 35 }, place, size)).toBeNull();
    expect(pointUnder({ x: 35, y: 50 }, place, size)).toBeNull();
  });
});
