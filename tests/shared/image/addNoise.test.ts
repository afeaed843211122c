import { describe, expect, it } from "vitest";

import { addNoise, describeNoise, drawSigma255, makeNoisy, toNoisy } from "#shared/image/addNoise.ts";
import { createRandom } from "#shared/random/createRandom.ts";
import type { Photo } from "#shared/image/photo.ts";
import { makeGreyPhoto } from "#tests/helpers/makePhoto.ts";

const flat = (value: number): Photo => makeGreyPhoto(200, 200, () => value);

function measure(noisy: Photo): { mean: number; variance: number; skew: number } {
  const values = [...noisy.data];
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  const third = values.reduce((sum, value) => sum + (value - mean) ** 3, 0) / values.length;
  return { mean, variance, skew: third / variance ** 1.5 };
}

describe("addNoise", () => {
  it("adds Gaussian noise of the given sigma around the clean value", () => {
    const { mean, variance } = measure(addNoise(flat(0.5), { kind: "gaussian", sigma255: 30 }, createRandom(1)));
    expect(mean).toBeCloseTo(0.5, 2);
    expect(255 * Math.sqrt(variance)).toBeCloseTo(30, 0);
  });

  it("does not clip", () => {
    const noisy = addNoise(flat(1), { kind: "gaussian", sigma255: 50 }, createRandom(2));
    expect(noisy.data.filter((value) => value > 1).length / noisy.data.length).toBeCloseTo(0.5, 1);
  });

  it("gives the clean values back for sigma 0 and leaves the clean photo untouched", () => {
    const clean = flat(0.25);
    expect(addNoise(clean, { kind: "gaussian", sigma255: 0 }, createRandom(3))).toEqual(clean);
    addNoise(clean, { kind: "gaussian", sigma255: 50 }, createRandom(3));
    expect(clean.data.every((value) => value === 0.25)).toBe(true);
  });

  it.each([0.02, 0.3, 0.9])("has a Poisson-Gaussian variance of gain * signal + sigma^2 at signal %d", (signal) => {
    const noise = { kind: "poisson_gaussian", gain: 0.01, sigma255: 5 } as const;
    const { mean, variance } = measure(addNoise(flat(signal), noise, createRandom(4)));
    const expected = 0.01 * signal + (5 / 255) ** 2;
    expect(Math.abs(mean - signal)).toBeLessThan(4 * Math.sqrt(expected / 40_000));
    expect(Math.abs(variance / expected - 1)).toBeLessThan(0.04);
  });

  it("keeps the skew of small photon counts", () => {
    const noise = { kind: "poisson_gaussian", gain: 0.1, sigma255: 0 } as const;
    const { skew } = measure(addNoise(flat(0.2), noise, createRandom(5)));
    expect(skew).toBeCloseTo(1 / Math.sqrt(2), 1); // a Poisson distribution of mean 2
  });
});

describe("drawSigma255", () => {
  it("picks every member of a list and nothing else", () => {
    const random = createRandom(6);
    const drawn = Array.from({ length: 100 }, () => drawSigma255([30, 50, 70], random));
    expect([...new Set(drawn)].sort()).toEqual([30, 50, 70]);
  });

  it("draws evenly from a range", () => {
    const random = createRandom(7);
    const drawn = Array.from({ length: 4000 }, () => drawSigma255({ from: 10, to: 50 }, random));
    expect(Math.min(...drawn)).toBeGreaterThanOrEqual(10);
    expect(Math.max(...drawn)).toBeLessThan(50);
    expect(drawn.filter((sigma) => sigma < 20).length / 4000).toBeCloseTo(0.25, 1);
  });
});

describe("toNoisy", () => {
  const noise = { kind: "paired" } as const;

  it("takes the camera's noisy photo for paired noise", () => {
    const noisy = flat(0.3);
    expect(toNoisy({ name: "a", clean: flat(0.2), noisy }, noise, createRandom(0))).toBe(noisy);
  });

  it("names the photo that has no noisy partner", () => {
    const attempt = () => toNoisy({ name: "a.png", clean: flat(0.2) }, noise, createRandom(0));
    expect(attempt).toThrow(expect.objectContaining({ kind: "bad_data", message: expect.stringContaining('"a.png"') }));
  });
});

describe("describeNoise", () => {
  it.each([
    [{ kind: "gaussian", sigma255: 30 }, "gaussian-30"],
    [{ kind: "gaussian", sigma255: [30, 50, 70] }, "gaussian-30,50,70"],
    [{ kind: "gaussian", sigma255: { from: 0, to: 55 } }, "gaussian-0..55"],
    [{ kind: "poisson_gaussian", gain: 0.01, sigma255: 5 }, "poisson-gaussian-g0.01-s5"],
    [{ kind: "paired" }, "paired"],
  ] as const)("names %j %s", (noise, name) => {
    expect(describeNoise(noise as Parameters<typeof describeNoise>[0])).toBe(name);
  });
});

describe("makeNoisy", () => {
  const noise = { kind: "gaussian", sigma255: [15, 50] } as const;
  const noisy = (name: string, seed: number) =>
    makeNoisy({ name, clean: flat(0.5) }, { ...noise, sigma255: [...noise.sigma255] }, seed);

  it("puts the same noise on a photo of the same name and seed, and other noise on any other", () => {
    expect(noisy("a.png", 1)).toEqual(noisy("a.png", 1));
    expect(noisy("b.png", 1).noisy).not.toEqual(noisy("a.png", 1).noisy);
    expect(noisy("a.png", 2).noisy).not.toEqual(noisy("a.png", 1).noisy);
  });

  it("says which sigma was drawn", () => {
    const { noisy: photo, noise: drawn } = noisy("a.png", 3);
    expect(drawn.kind === "gaussian" && drawn.sigma255).toBeCloseTo(255 * Math.sqrt(measure(photo).variance), 0);
  });

  it("takes the noisy photo of a pair", () => {
    const pair = { name: "a.png", clean: flat(0.5), noisy: flat(0.6) };
    expect(makeNoisy(pair, { kind: "paired" }, 0)).toEqual({ noisy: pair.noisy, noise: { kind: "paired" } });
  });
});
