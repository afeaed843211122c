import { describe, expect, it } from "vitest";

import { addNoise } from "#shared/image/noise.ts";
import { estimateSigma255 } from "#shared/image/estimateSigma.ts";
import { gaussianBlur } from "#shared/image/gaussianBlur.ts";
import { createRandom } from "#shared/random/createRandom.ts";
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

describe("estimateSigma255", () => {
  it.each([1, 3] as const)("finds the sigma of noise on a slope, %d channel(s)", (channels) => {
    const size = 100;
    const data = Float32Array.from(
      { length: size * size * channels },
      (_, i) => Math.floor(i / channels) / (size * size),
    );
    const clean = { width: size, height: size, channels, data };
    const noisy = addNoise(clean, { kind: "gaussian", sigma255: 25 }, createRandom(1));
    expect(Math.abs(estimateSigma255(noisy) / 25 - 1)).toBeLessThan(0.03);
    expect(estimateSigma255(clean)).toBeLessThan(0.01);
  });

  it("is 0 for a photo too small to tell", () => {
    expect(estimateSigma255(makeRandomPhoto(2, 9))).toBe(0);
  });
});
