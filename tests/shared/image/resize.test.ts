import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { crop } from "#shared/image/geometry.ts";
import { resize, resizeWindow } from "#shared/image/resize.ts";
import { makeGreyPhoto, makeRandomPhoto } from "#tests/helpers/makePhoto.ts";

/** The picture whose resizings by Pillow 11 (mode F, BICUBIC) are listed below. */
const picture = makeGreyPhoto(9, 7, (x, y) => ((x * 37 + y * 101 + x * y * 13) % 256) / 255);

const PILLOW = [
  {
    size: [5, 4],
    first: [0.253906, 0.550837, 0.517457, 0.596427, 0.45851, 0.417791, 0.476211, 0.450845],
    sum: 10.07159,
  },
  {
    size: [12, 10],
    first: [-0.031409, 0.055052, 0.171273, 0.277365, 0.381379, 0.530583, 0.662565, 0.771898],
    sum: 59.89647,
  },
  {
    size: [3, 13],
    first: [0.113773, 0.612057, 0.334425, 0.284958, 0.585464, 0.457708, 0.602531, 0.5312],
    sum: 19.42696,
  },
] as const;

describe("resize", () => {
  it.each(PILLOW)("gives Pillow's values at $size", ({ size: [width, height], first, sum }) => {
    const resized = resize(picture, width, height);
    first.forEach((value, i) => expect(resized.data[i]).toBeCloseTo(value, 5));
    expect(resized.data.reduce((total, value) => total + value, 0)).toBeCloseTo(sum, 3);
  });

  it("leaves a photo of the same size as it is", () => {
    const photo = makeRandomPhoto(8, 5, 3);
    resize(photo, 8, 5).data.forEach((value, i) => expect(value).toBeCloseTo(photo.data[i] ?? 0, 6));
  });

  it("keeps a flat photo flat at any size", () => {
    const size = fc.integer({ min: 1, max: 30 });
    fc.assert(
      fc.property(size, size, size, size, (width, height, newWidth, newHeight) => {
        const resized = resize(
          makeGreyPhoto(width, height, () => 0.4),
          newWidth,
          newHeight,
        );
        expect(resized.data).toHaveLength(newWidth * newHeight);
        expect(Math.max(...resized.data.map((value) => Math.abs(value - 0.4)))).toBeLessThan(1e-6);
      }),
    );
  });
});

describe("resizeWindow", () => {
  it("equals cropping the resized photo", () => {
    const length = fc.integer({ min: 4, max: 40 });
    fc.assert(
      fc.property(length, length, length, length, fc.nat(), fc.nat(), (width, height, newWidth, newHeight, a, b) => {
        const photo = makeRandomPhoto(width, height, 3);
        const x = a % newWidth;
        const y = b % newHeight;
        const window = { x, y, width: newWidth - x, height: Math.min(3, newHeight - y) };
        const size = { width: newWidth, height: newHeight };
        expect(resizeWindow(photo, size, window)).toEqual(crop(resize(photo, newWidth, newHeight), window));
      }),
      { numRuns: 60 },
    );
  });
});
