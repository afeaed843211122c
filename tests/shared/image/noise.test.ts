import { describe, expect, it } from "vitest";

import {
  addNoise,
  describeNoise,
  expectHistogram,
  makeNoisy,
  type Noise,
  noiseMapOf,
  settleNoise,
  toNoisy,
} from "#shared/image/noise.ts";
import { measureNoiseBetween } from "#shared/image/noiseFigures.ts";
import type { Photo } from "#shared/image/photo.ts";
import { createRandom } from "#shared/random/createRandom.ts";
import type { Random } from "#shared/random/random.ts";
import { makeGreyPhoto, makeRandomPhoto } from "#tests/helpers/makePhoto.ts";

const flat = (value: number): Photo => makeGreyPhoto(200, 200, () => value);

function measure(noisy: Photo): { mean: number; variance: number; skew: number } {
  const values = [...noisy.data];
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  const third = values.reduce((sum, value) => sum + (value - mean) ** 3, 0) / values.length;
  return { mean, variance, skew: third / variance ** 1.5 };
}

const SIDE = 256;

/** Grows from dark to light, so that every signal is there. */
const RAMP: Photo = {
  width: SIDE,
  height: SIDE,
  channels: 1,
  data: Float32Array.from({ length: SIDE * SIDE }, (_, i) => (i % SIDE) / (SIDE - 1)),
};

/** The largest distance of drawn from expected counts, in standard deviations of a count. */
function largestSurprise(counts: readonly number[], expected: readonly number[]): number {
  return Math.max(...counts.map((count, i) => Math.abs(count - expected[i]!) / Math.sqrt(Math.max(expected[i]!, 1))));
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

describe("expectHistogram", () => {
  const settings = [
    ["Gaussian noise", { kind: "gaussian", sigma255: 30 }],
    ["Poisson-Gaussian noise of small counts", { kind: "poisson_gaussian", gain: 0.05, sigma255: 4 }],
    ["Poisson-Gaussian noise of large counts", { kind: "poisson_gaussian", gain: 0.002, sigma255: 10 }],
  ] as const;

  it.each(settings)("agrees with what is drawn for %s", (_, noise) => {
    const { histogram } = measureNoiseBetween(addNoise(RAMP, noise, createRandom(3, "noise")), RAMP);
    const expected = expectHistogram(RAMP, noise, histogram);
    expect(expected!.reduce((sum, value) => sum + value, 0)).toBeCloseTo(SIDE * SIDE, 3);
    // Of 101 bins one in a few draws is off by 3 deviations.
    expect(largestSurprise(histogram.counts, expected!)).toBeLessThan(4.5);
  });

  it("is far off for a sigma that is not the one that was drawn", () => {
    const { histogram } = measureNoiseBetween(addNoise(RAMP, settings[0][1], createRandom(3, "noise")), RAMP);
    const expected = expectHistogram(RAMP, { kind: "gaussian", sigma255: 40 }, histogram);
    expect(largestSurprise(histogram.counts, expected!)).toBeGreaterThan(10);
  });

  it("puts all values into the middle bin where there is no noise", () => {
    const { histogram } = measureNoiseBetween(RAMP, RAMP);
    const expected = expectHistogram(RAMP, { kind: "gaussian", sigma255: 0 }, histogram);
    expect(expected).toEqual(histogram.counts);
  });

  it("has no formula for the noise of a camera", () => {
    expect(expectHistogram(RAMP, { kind: "paired" }, measureNoiseBetween(RAMP, RAMP).histogram)).toBeNull();
  });
});

describe("settleNoise", () => {
  const draw = (sigma255: Noise<"gaussian">["sigma255"], random: Random) => {
    const settled = settleNoise({ kind: "gaussian", sigma255 }, random);
    return settled.kind === "gaussian" ? settled.sigma255 : NaN;
  };

  it("picks every member of a list and nothing else", () => {
    const random = createRandom(6);
    const drawn = Array.from({ length: 100 }, () => draw([30, 50, 70], random));
    expect([...new Set(drawn)].sort()).toEqual([30, 50, 70]);
  });

  it("draws evenly from a range", () => {
    const random = createRandom(7);
    const drawn = Array.from({ length: 4000 }, () => draw({ from: 10, to: 50 }, random));
    expect(Math.min(...drawn)).toBeGreaterThanOrEqual(10);
    expect(Math.max(...drawn)).toBeLessThan(50);
    expect(drawn.filter((sigma) => sigma < 20).length / 4000).toBeCloseTo(0.25, 1);
  });

  it("leaves the values of the noise as the setting itself gives them", () => {
    for (const sigma255 of [[30, 50, 70], { from: 5, to: 60 }, 25]) {
      const noise = { kind: "gaussian", sigma255 } as const;
      const random = createRandom(9, "settle");
      const settled = settleNoise(noise, random);
      expect(settled).toEqual({ kind: "gaussian", sigma255: expect.any(Number) });
      if (settled.kind === "paired") throw new Error("a Gaussian cannot become a pair");
      expect(addNoise(RAMP, settled, random).data).toEqual(addNoise(RAMP, noise, createRandom(9, "settle")).data);
    }
  });
});

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
