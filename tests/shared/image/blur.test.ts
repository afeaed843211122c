import { describe, expect, it } from "vitest";

import { gaussianBlur } from "#shared/image/gaussianBlur.ts";
import { makeGreyPhoto, makeRandomPhoto } from "#tests/helpers/makePhoto.ts";

describe("gaussianBlur", () => {
  it("spreads a point as the Gaussian says", () => {
    const blurred = gaussianBlur(
      makeGreyPhoto(21, 21, (x, y) => (x === 10 && y === 10 ? 1 : 0)),
      1.5,
    );
    const at = (x: number, y: number) => blurred.data[y * 21 + x] ?? 0;
    expect(at(12, 10) / at(10, 10)).toBeCloseTo(Math.exp(-4 / 4.5), 5);
    expect(at(11, 13) / at(10, 10)).toBeCloseTo(Math.exp(-10 / 4.5), 5);
    expect(blurred.data.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 5);
  });

  it("keeps a flat photo flat up to its edges", () => {
    const blurred = gaussianBlur(
      makeGreyPhoto(5, 3, () => 0.7),
      4,
    );
    expect(Math.max(...blurred.data.map((value) => Math.abs(value - 0.7)))).toBeLessThan(1e-6);
  });

  it("blurs the channels of a colour photo apart from one another", () => {
    const photo = makeRandomPhoto(9, 8, 3);
    const onlyGreen = { ...photo, data: photo.data.map((value, i) => (i % 3 === 1 ? value : 0)) };
    const blurred = gaussianBlur(onlyGreen, 1);
    const green = gaussianBlur({ ...photo, channels: 1, data: photo.data.filter((_, i) => i % 3 === 1) }, 1);
    expect([...blurred.data.filter((_, i) => i % 3 === 1)]).toEqual([...green.data]);
    expect(blurred.data.every((value, i) => i % 3 === 1 || value === 0)).toBe(true);
  });

  it("does nothing for a width of 0", () => {
    const photo = makeRandomPhoto(4, 4);
    expect(gaussianBlur(photo, 0)).toBe(photo);
  });
});
