import { at } from "#shared/at.ts";

import { splitChannels } from "./channel.ts";
import { computeGaussianWindow } from "./gaussianWindow.ts";
import type { Photo } from "./photo.ts";
import { checkSameShape } from "./psnr.ts";

const RADIUS = 5;
const WINDOW = computeGaussianWindow(RADIUS, 1.5);
const C1 = 0.01 ** 2;
const C2 = 0.03 ** 2;

/** The local means that SSIM is made of: a, b, a*a, b*b, a*b. */
const MAPS = 5;

/**
 * Computes SSIM as the authors' code does (science notes 1.6 and 1.9): 11x11 Gaussian window of sigma 1.5, zero padding
 * of 5, C1 = 0.01^2, C2 = 0.03^2, data range 1; the mean over the whole map with its borders, and over channels.
 */
export function computeSsim(a: Photo, b: Photo): number {
  checkSameShape("ssim", a, b);
  const planesOfB = splitChannels(b);
  const sums = splitChannels(a).map((plane, channel) => sumSsimMap(plane, at(planesOfB, channel, "ssim: channel")));
  return sums.reduce((total, sum) => total + sum, 0) / a.data.length;
}

/** Adds up the SSIM map of two planes row by row; only the 11 horizontally filtered rows in reach are kept. */
function sumSsimMap(a: Photo, b: Photo): number {
  const { width, height } = a;
  const rowLength = width * MAPS;
  const ring = Array.from({ length: WINDOW.length }, () => new Float64Array(rowLength));
  const sums = new Float64Array(rowLength);
  let total = 0;
  for (let newest = 0; newest < height + RADIUS; newest++) {
    if (newest < height) filterRow(a, b, newest, at(ring, newest % WINDOW.length, "ssim: row"));
    const row = newest - RADIUS;
    if (row < 0) continue;
    sums.fill(0);
    for (let source = Math.max(0, row - RADIUS); source <= Math.min(height - 1, row + RADIUS); source++) {
      const filtered = at(ring, source % WINDOW.length, "ssim: row");
      const weight = WINDOW[source - row + RADIUS] ?? NaN;
      for (let i = 0; i < rowLength; i++) sums[i] = (sums[i] ?? NaN) + weight * (filtered[i] ?? NaN);
    }
    total += sumRow(sums);
  }
  return total;
}

/** Filters one row along x; writes the five maps of each pixel side by side `[W, 5]`. */
function filterRow(a: Photo, b: Photo, row: number, target: Float64Array): void {
  const { width } = a;
  const from = row * width;
  for (let x = 0; x < width; x++) {
    let meanA = 0;
    let meanB = 0;
    let squareA = 0;
    let squareB = 0;
    let product = 0;
    for (let source = Math.max(0, x - RADIUS); source <= Math.min(width - 1, x + RADIUS); source++) {
      const weight = WINDOW[source - x + RADIUS] ?? NaN;
      const valueA = a.data[from + source] ?? NaN;
      const valueB = b.data[from + source] ?? NaN;
      meanA += weight * valueA;
      meanB += weight * valueB;
      squareA += weight * valueA * valueA;
      squareB += weight * valueB * valueB;
      product += weight * valueA * valueB;
    }
    target.set([meanA, meanB, squareA, squareB, product], x * MAPS);
  }
}

function sumRow(sums: Float64Array): number {
  let total = 0;
  for (let i = 0; i < sums.length; i += MAPS) {
    const meanA = sums[i] ?? NaN;
    const meanB = sums[i + 1] ?? NaN;
    const varianceA = (sums[i + 2] ?? NaN) - meanA * meanA;
    const varianceB = (sums[i + 3] ?? NaN) - meanB * meanB;
    const covariance = (sums[i + 4] ?? NaN) - meanA * meanB;
    total +=
      ((2 * meanA * meanB + C1) * (2 * covariance + C2)) /
      ((meanA * meanA + meanB * meanB + C1) * (varianceA + varianceB + C2));
  }
  return total;
}
