import { describe, expect, it } from "vitest";

import { addNoise } from "#shared/image/addNoise.ts";
import { noiseMapOf } from "#shared/image/noiseMap.ts";
import { createRandom } from "#shared/random/createRandom.ts";
import { makeGreyPhoto, makeRandomPhoto } from "#tests/helpers/makePhoto.ts";

describe("noiseMapOf", () => {
  it("is flat for Gaussian noise, one channel for colour photos too", () => {
    const map = noiseMapOf({ kind: "gaussian", sigma255: 51 }, makeRandomPhoto(4, 3, 3));
    expect(map).toEqual(makeGreyPhoto(4, 3, () => Math.fround(0.2)));
  });

  it("follows the noisy signal, clipped to 0..1, for Poisson-Gaussian noise", () => {
    const noisy = makeGreyPhoto(4, 1, (x) => [-0.5, 0, 0.25, 1.5][x] ?? NaN);
    const map = noiseMapOf({ kind: "poisson_gaussian", gain: 0.04, sigma255: 25.5 }, noisy);
    for (const [i, signal] of [0, 0, 0.25, 1].entries()) {
      expect(map.data[i]).toBeCloseTo(Math.sqrt(0.04 * signal + 0.01), 6);
    }
  });

  it("tells the deviation that noise of this kind really has", () => {
    const clean = makeGreyPhoto(200, 200, () => 0.6);
    const noise = { kind: "poisson_gaussian", gain: 0.01, sigma255: 5 } as const;
    const noisy = addNoise(clean, noise, createRandom(3));
    const deviation = Math.sqrt(noisy.data.reduce((sum, value) => sum + (value - 0.6) ** 2, 0) / noisy.data.length);
    const map = noiseMapOf(noise, noisy);
    expect(map.data.reduce((sum, value) => sum + value, 0) / map.data.length).toBeCloseTo(deviation, 2);
  });

  it("is refused for camera pairs, whose noise nobody knows", () => {
    expect(() => noiseMapOf({ kind: "paired" }, makeRandomPhoto(2, 2))).toThrow(
      expect.objectContaining({ kind: "bad_config", message: expect.stringContaining("strength is known") }),
    );
  });
});
