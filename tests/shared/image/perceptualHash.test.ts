import { describe, expect, it } from "vitest";

import {
  computePerceptualHash,
  countDifferentBits,
  HASH_SIDE,
  isFlatHash,
  NEAR_BITS,
} from "#shared/image/perceptualHash.ts";

const SIZE = HASH_SIDE * (HASH_SIDE + 1);
const draw = (of: (place: number) => number) => Uint8Array.from({ length: SIZE }, (_, place) => of(place));

describe("a perceptual hash", () => {
  it("has a bit for each place where grey rises to the right, and none where it is flat", () => {
    const rising = computePerceptualHash(draw((place) => (place % (HASH_SIDE + 1)) * 10));
    expect(rising).toBe("f".repeat(64));
    expect(computePerceptualHash(draw(() => 90))).toBe("0".repeat(64));
    expect(
      countDifferentBits(rising, computePerceptualHash(draw((place) => (place === 1 ? 0 : (place % 17) * 10)))),
    ).toBe(1);
    expect([rising, "0".repeat(64), "5".repeat(64)].map(isFlatHash)).toEqual([true, true, false]);
  });

  it("stays near under exposure and a little noise, and is far for another picture", () => {
    const values = (seed: number) => draw((place) => 128 + 90 * Math.sin(place * 0.9 * seed + Math.cos(place * seed)));
    const first = values(1);
    const brighter = first.map((value, place) => Math.min(255, value * 0.8 + 20 + (place % 3)));
    expect(countDifferentBits(computePerceptualHash(first), computePerceptualHash(brighter))).toBeLessThan(NEAR_BITS);
    expect(countDifferentBits(computePerceptualHash(first), computePerceptualHash(values(2.3)))).toBeGreaterThan(80);
  });

  it("takes 16 rows of 17 values", () => {
    expect(() => computePerceptualHash(new Uint8Array(4))).toThrow("must have 272 values, got 4");
  });
});
