import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

import { decodeSafetensors } from "#main/compute/checkpoint/safetensors.ts";
import { computeHaarPsi } from "#shared/image/haarPsi.ts";
import type { Photo } from "#shared/image/photo.ts";
import { computeMse, computePsnr } from "#shared/image/psnr.ts";
import { computeScores } from "#shared/image/scores.ts";
import { computeSsim } from "#shared/image/ssim.ts";
import { makeGreyPhoto, makeRandomPhoto } from "#tests/helpers/makePhoto.ts";
import { REFERENCE_FOLDER } from "#tests/helpers/referenceFixtures.ts";

const FIXTURE = join(REFERENCE_FOLDER, "losses.safetensors");

interface Row {
  readonly pair: number;
  readonly mse: number;
  readonly ssim: number;
  readonly psnr_db: number;
}

/** SSIM straight from its definition: the 121 products of every window, with zeros outside the picture. */
function computeSsimNaively(a: Photo, b: Photo): number {
  const { width, height } = a;
  const weightAt = (dx: number, dy: number) => Math.exp(-(dx * dx + dy * dy) / 4.5);
  let norm = 0;
  for (let dy = -5; dy <= 5; dy++) for (let dx = -5; dx <= 5; dx++) norm += weightAt(dx, dy);
  const at = (photo: Photo, x: number, y: number) =>
    x < 0 || y < 0 || x >= width || y >= height ? 0 : (photo.data[y * width + x] ?? 0);
  const localMean = (x: number, y: number, value: (x: number, y: number) => number) => {
    let sum = 0;
    for (let dy = -5; dy <= 5; dy++) for (let dx = -5; dx <= 5; dx++) sum += weightAt(dx, dy) * value(x + dx, y + dy);
    return sum / norm;
  };
  let total = 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const ma = localMean(x, y, (i, j) => at(a, i, j));
      const mb = localMean(x, y, (i, j) => at(b, i, j));
      const va = localMean(x, y, (i, j) => at(a, i, j) ** 2) - ma * ma;
      const vb = localMean(x, y, (i, j) => at(b, i, j) ** 2) - mb * mb;
      const cov = localMean(x, y, (i, j) => at(a, i, j) * at(b, i, j)) - ma * mb;
      total += ((2 * ma * mb + 1e-4) * (2 * cov + 9e-4)) / ((ma * ma + mb * mb + 1e-4) * (va + vb + 9e-4));
    }
  }
  return total / (width * height);
}

describe("computePsnr", () => {
  it("is 20 dB for an error of 0.1 everywhere", () => {
    const psnr = computePsnr(
      makeGreyPhoto(5, 4, () => 0.5),
      makeGreyPhoto(5, 4, () => 0.4),
    );
    expect(psnr).toBeCloseTo(20, 5);
  });

  it("is 100 dB, not infinite, for equal photos", () => {
    const photo = makeRandomPhoto(6, 6, 3);
    expect(computePsnr(photo, photo)).toBe(100);
  });

  it("refuses photos of different shapes", () => {
    expect(() => computePsnr(makeRandomPhoto(3, 4), makeRandomPhoto(4, 3))).toThrow("got [4, 3, 1] and [3, 4, 1]");
  });
});

describe("computeSsim", () => {
  it.each([
    [1, 1],
    [3, 17],
    [24, 13],
  ])("equals the definition on %dx%d", (width, height) => {
    const a = makeRandomPhoto(width, height, 1, 1);
    const b = { ...a, data: a.data.map((value, i) => value + 0.3 * Math.sin(i)) };
    expect(computeSsim(a, b)).toBeCloseTo(computeSsimNaively(a, b), 10);
  });

  it("is 1 for equal photos and the same in both directions", () => {
    const a = makeRandomPhoto(20, 15, 3, 1);
    const b = makeRandomPhoto(20, 15, 3, 2);
    expect(computeSsim(a, a)).toBeCloseTo(1, 12);
    expect(computeSsim(a, b)).toBeCloseTo(computeSsim(b, a), 12);
    expect(computeSsim(a, b)).toBeLessThan(0.3);
  });

  it("is the mean over the channels of a colour photo", () => {
    const a = makeGreyPhoto(12, 12, (x, y) => (x * y) / 144);
    const b = makeRandomPhoto(12, 12);
    const spread = (photo: Photo): Photo => ({
      ...photo,
      channels: 3,
      data: Float32Array.from({ length: 3 * photo.data.length }, (_, i) => photo.data[Math.floor(i / 3)] ?? 0),
    });
    expect(computeSsim(spread(a), spread(b))).toBeCloseTo(computeSsim(a, b), 10);
  });
});

describe("computeHaarPsi", () => {
  it("is 1 for equal photos, black ones too, and the same in both directions", () => {
    const a = makeRandomPhoto(21, 15, 3, 1);
    const b = makeRandomPhoto(21, 15, 3, 2);
    const black = makeGreyPhoto(9, 9, () => 0);
    expect(computeHaarPsi(a, a)).toBeCloseTo(1, 10);
    expect(computeHaarPsi(black, black)).toBe(1);
    expect(computeHaarPsi(a, b)).toBeCloseTo(computeHaarPsi(b, a), 12);
    expect(computeHaarPsi(a, b)).toBeLessThan(0.6);
  });

  it("falls as noise grows, and counts a shift of colour that leaves the brightness alone", () => {
    const clean = makeGreyPhoto(40, 40, (x, y) => 0.3 + 0.4 * ((Math.floor(x / 8) + Math.floor(y / 8)) % 2));
    const noise = makeRandomPhoto(40, 40);
    const noisy = (share: number): Photo => ({
      ...clean,
      data: clean.data.map((value, i) => value + share * ((noise.data[i] ?? NaN) - 0.5)),
    });
    const falling = [0.05, 0.1, 0.2, 0.4].map((share) => computeHaarPsi(noisy(share), clean));
    expect(falling).toEqual(falling.toSorted((a, b) => b - a));
    const toColour = (shift: readonly [number, number, number]): Photo => ({
      ...clean,
      channels: 3,
      data: Float32Array.from({ length: 3 * clean.data.length }, (_, i) => {
        return (clean.data[Math.floor(i / 3)] ?? NaN) + (shift[i % 3] ?? NaN);
      }),
    });
    const tinted = computeHaarPsi(toColour([0.1, -0.0509, 0]), toColour([0, 0, 0]));
    expect(tinted).toBeLessThan(0.95);
  });

  it("refuses photos of different shapes", () => {
    expect(() => computeHaarPsi(makeRandomPhoto(3, 4), makeRandomPhoto(4, 3))).toThrow("got [4, 3, 1] and [3, 4, 1]");
  });
});

describe("computeScores", () => {
  it("clips the output to 0..1", () => {
    const clean = makeGreyPhoto(12, 12, (x) => x % 2);
    const output = { ...clean, data: clean.data.map((value) => 3 * value - 1) };
    const { haarPsi, ...others } = computeScores(output, clean);
    expect(others).toEqual({ psnrDb: 100, ssim: 1, psnr8BitDb: 100, ssim8Bit: 1 });
    expect(haarPsi).toBeCloseTo(1, 10);
  });

  it("rounds the output, not the clean photo, to 8 bits for the second pair of figures", () => {
    const clean = makeGreyPhoto(12, 12, () => 100 / 255);
    const output = makeGreyPhoto(12, 12, () => 100.4 / 255);
    const scores = computeScores(output, clean);
    expect(scores.psnrDb).toBeCloseTo(20 * Math.log10(255 / 0.4), 3);
    expect(scores.psnr8BitDb).toBe(100);
  });
});

describe("metrics against the authors' code", () => {
  const file = decodeSafetensors(readFileSync(FIXTURE), FIXTURE);
  const rows = JSON.parse(file.metadata["rows"] ?? "[]") as Row[];

  it.each(rows)("agree on pair $pair", ({ pair, mse, ssim, psnr_db }) => {
    const readPhotos = (name: string): Photo[] => {
      const tensor = file.tensors.get(`pair_${pair}.${name}`);
      const [batch = 0, height = 0, width = 0] = tensor?.shape ?? [];
      const data = Float32Array.from(tensor?.data ?? []);
      const pixels = width * height;
      return Array.from({ length: batch }, (_, i) => ({
        width,
        height,
        channels: 1,
        data: data.slice(i * pixels, (i + 1) * pixels),
      }));
    };
    const clean = readPhotos("y");
    const mean = (measure: (a: Photo, b: Photo) => number) => {
      const values = readPhotos("x").map((photo, i) => measure(photo, clean[i] ?? photo));
      return values.reduce((sum, value) => sum + value, 0) / values.length;
    };
    expect(mean(computeMse)).toBeCloseTo(mse, 9);
    expect(mean(computeSsim)).toBeCloseTo(ssim, 7);
    expect(-10 * Math.log10(mean(computeMse))).toBeCloseTo(psnr_db, 5);
  });
});
