import { describe, expect, it } from "vitest";

import { estimateNoise, estimateSigma255 } from "#shared/image/estimateSigma.ts";
import { gaussianBlur } from "#shared/image/gaussianBlur.ts";
import { addNoise } from "#shared/image/noise.ts";
import type { Photo } from "#shared/image/photo.ts";
import { createRandom } from "#shared/random/createRandom.ts";
import { makeGreyPhoto, makeRandomPhoto } from "#tests/helpers/makePhoto.ts";

const SIDE = 256;

function makeRamp(channels: 1 | 3, from = 0.1, to = 0.9): Photo {
  const data = Float32Array.from(
    { length: SIDE * SIDE * channels },
    (_, i) => from + ((to - from) * Math.floor(i / channels)) / (SIDE * SIDE),
  );
  return { width: SIDE, height: SIDE, channels, data };
}

/** Fine stripes on the left half, strong enough to hide any noise there. */
function addStripes(photo: Photo): Photo {
  const { width, channels, data } = photo;
  const striped = data.map((value, i) => {
    const x = Math.floor(i / channels) % width;
    return x < width / 2 ? value + 0.2 * Math.sin(x * 1.3) : value;
  });
  return { ...photo, data: striped };
}

const deviation255 = (noisy: Photo, clean: Photo) =>
  255 * Math.sqrt(noisy.data.reduce((sum, value, i) => sum + (value - clean.data[i]!) ** 2, 0) / noisy.data.length);

describe("estimateSigma255", () => {
  it.each([
    [1, 5],
    [1, 25],
    [3, 5],
    [3, 60],
  ] as const)("finds in a photo of %d channel(s) the sigma %d of white noise", (channels, sigma255) => {
    const clean = makeRamp(channels);
    const noisy = addNoise(clean, { kind: "gaussian", sigma255 }, createRandom(1));
    expect(Math.abs(estimateSigma255(noisy) / sigma255 - 1)).toBeLessThan(0.05);
    expect(estimateSigma255(clean)).toBeLessThan(0.01);
  });

  it("does not take the texture of half a photo for noise", () => {
    const noisy = addNoise(addStripes(makeRamp(1)), { kind: "gaussian", sigma255: 10 }, createRandom(2));
    expect(Math.abs(estimateSigma255(noisy) / 10 - 1)).toBeLessThan(0.06);
  });

  it("finds what the noise was before it was clipped to 8 bits", () => {
    const noisy = addNoise(makeRamp(3, -0.1, 1.1), { kind: "gaussian", sigma255: 40 }, createRandom(3));
    const clipped = noisy.data.map((value) => Math.round(255 * Math.min(1, Math.max(0, value))) / 255);
    expect(Math.abs(estimateSigma255({ ...noisy, data: clipped }) / 40 - 1)).toBeLessThan(0.06);
  });

  it("is 0 for a photo too small to tell and for one without noise, and a number for a small one", () => {
    expect(estimateSigma255(makeRandomPhoto(7, 90))).toBe(0);
    expect(estimateSigma255(makeGreyPhoto(64, 64, () => 0.5))).toBeLessThan(0.01);
    expect(estimateSigma255(makeRandomPhoto(12, 8))).toBeGreaterThan(20);
  });

  it("still answers where everything is clipped", () => {
    const photo = makeRandomPhoto(64, 64);
    const clipped = { ...photo, data: photo.data.map(Math.round) };
    expect(estimateSigma255(clipped)).toBeGreaterThan(0);
  });
});

describe("estimateNoise", () => {
  it("counts the coarse part of noise that neighbouring pixels have alike", () => {
    const clean = makeRamp(3);
    const flat = { ...clean, data: clean.data.map(() => 0) };
    const blurred = gaussianBlur(addNoise(flat, { kind: "gaussian", sigma255: 25 }, createRandom(4)), 1.2);
    const noisy = { ...clean, data: clean.data.map((value, i) => value + blurred.data[i]!) };
    const { sigma255, isWhite } = estimateNoise(noisy);
    expect(isWhite).toBe(false);
    const ratio = sigma255 / deviation255(noisy, clean);
    expect(ratio).toBeGreaterThan(1 / 1.3);
    expect(ratio).toBeLessThan(1.3);
  });

  it("tells how strong the noise is at which brightness", () => {
    const clean = makeRamp(1, 0, 1);
    const noise = { kind: "poisson_gaussian", gain: 0.01, sigma255: 5 } as const;
    const { levels, sigma255, isWhite } = estimateNoise(addNoise(clean, noise, createRandom(5)));
    expect(isWhite).toBe(true);
    for (const level of [levels[2]!, levels.at(-3)!]) {
      const expected = 255 * Math.sqrt((0.01 * level.signal255) / 255 + (5 / 255) ** 2);
      expect(Math.abs(level.sigma255 / expected - 1)).toBeLessThan(0.2);
    }
    expect(levels.map(({ signal255 }) => signal255)).toEqual(
      levels.map((level) => level.signal255).toSorted((a, b) => a - b),
    );
    expect(Math.abs(sigma255 / (255 * Math.sqrt(0.005 + (5 / 255) ** 2)) - 1)).toBeLessThan(0.1);
  });
});
