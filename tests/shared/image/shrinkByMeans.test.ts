import { describe, expect, it } from "vitest";

import { estimateSigma255 } from "#shared/image/estimateSigma.ts";
import { makeNoisy } from "#shared/image/noise.ts";
import { shrinkByMeans } from "#shared/image/shrinkByMeans.ts";
import { makeGreyPhoto, makeRandomPhoto } from "#tests/helpers/makePhoto.ts";

describe("shrinkByMeans", () => {
  it("gives the mean of each square of pixels, channel by channel", () => {
    const photo = makeRandomPhoto(12, 6, 3);
    const small = shrinkByMeans(photo, 3);
    expect([small.width, small.height, small.channels]).toEqual([4, 2, 3]);
    for (const [x, y, channel] of [
      [0, 0, 0],
      [3, 1, 2],
      [2, 0, 1],
    ] as const) {
      const square = [0, 1, 2].flatMap((row) =>
        [0, 1, 2].map((column) => photo.data[((3 * y + row) * 12 + 3 * x + column) * 3 + channel] ?? NaN),
      );
      const mean = square.reduce((sum, value) => sum + value, 0) / 9;
      expect(small.data[(y * 4 + x) * 3 + channel]).toBeCloseTo(mean, 6);
    }
  });

  it("leaves a part of the noise that has no correlation: as much as the factor says", () => {
    const flat = makeGreyPhoto(512, 512, () => 0.5);
    const { noisy } = makeNoisy({ name: "flat", clean: flat }, { kind: "gaussian", sigma255: 24 }, 0);
    expect(estimateSigma255(shrinkByMeans(noisy, 4))).toBeCloseTo(6, 0);
  });

  it("takes no photo that it cannot cut into whole squares", () => {
    expect(() => shrinkByMeans(makeRandomPhoto(10, 6, 1), 3)).toThrow("10x6 must be multiples of 3");
  });
});
