import { at } from "#shared/at.ts";

import type { Rectangle } from "./geometry.ts";
import type { Photo } from "./photo.ts";

/** Reach of the bicubic kernel in source pixels, before it is widened for shrinking. */
const KERNEL_REACH = 2;

/** The parameter a of the cubic kernel: Catmull-Rom, as in PIL. */
const CUBIC_A = -0.5;

/**
 * Resizes a photo by bicubic interpolation as PIL does: kernel a = -0.5, widened when shrinking so that nothing
 * aliases, cut and renormalised at the edges. Values may overshoot 0..1 at sharp edges; they are not clipped.
 */
export function resize(photo: Photo, width: number, height: number): Photo {
  return resizeWindow(photo, { width, height }, { x: 0, y: 0, width, height });
}

/** Computes only the `window` of the photo resized to `size`: equal to cropping `resize`, at the cost of the window. */
export function resizeWindow(photo: Photo, size: { width: number; height: number }, window: Rectangle): Photo {
  const { channels } = photo;
  const columns = computeTaps(photo.width, size.width, window.x, window.width);
  const rows = computeTaps(photo.height, size.height, window.y, window.height);
  const { first: firstRow } = at(rows, 0, "resize: rows of the window");
  const lastTaps = at(rows, rows.length - 1, "resize: rows of the window");
  const endRow = lastTaps.first + lastTaps.weights.length;
  const narrowed = resizeRows(photo, columns, firstRow, endRow); // [endRow - firstRow, window.width, C]
  const rowLength = window.width * channels;
  const data = new Float32Array(window.height * rowLength);
  rows.forEach((taps, row) => {
    const target = data.subarray(row * rowLength, (row + 1) * rowLength);
    taps.weights.forEach((weight, tap) => {
      const from = (taps.first - firstRow + tap) * rowLength;
      for (let i = 0; i < rowLength; i++) target[i] = (target[i] ?? NaN) + weight * (narrowed[from + i] ?? NaN);
    });
  });
  return { width: window.width, height: window.height, channels, data };
}

/** Which source positions make one target position, and how much of each; the weights add up to 1. */
interface Taps {
  readonly first: number;
  readonly weights: Float64Array;
}

function computeTaps(sourceLength: number, targetLength: number, from: number, count: number): Taps[] {
  const scale = sourceLength / targetLength;
  const stretch = Math.max(scale, 1);
  const reach = KERNEL_REACH * stretch;
  return Array.from({ length: count }, (_, index) => {
    const centre = (from + index + 0.5) * scale;
    const first = Math.max(0, Math.trunc(centre - reach + 0.5));
    const end = Math.min(sourceLength, Math.trunc(centre + reach + 0.5));
    const weights = Float64Array.from({ length: end - first }, (_, tap) =>
      cubicKernel((first + tap + 0.5 - centre) / stretch),
    );
    const sum = weights.reduce((total, weight) => total + weight, 0);
    return { first, weights: weights.map((weight) => weight / sum) };
  });
}

function cubicKernel(offset: number): number {
  const x = Math.abs(offset);
  if (x < 1) return ((CUBIC_A + 2) * x - (CUBIC_A + 3)) * x * x + 1;
  if (x < 2) return CUBIC_A * (((x - 5) * x + 8) * x - 4);
  return 0;
}

/** Resamples the rows firstRow..endRow-1 along x: `[endRow - firstRow, columns, C]`. */
function resizeRows(photo: Photo, columns: readonly Taps[], firstRow: number, endRow: number): Float32Array {
  const { channels, data } = photo;
  const result = new Float32Array((endRow - firstRow) * columns.length * channels);
  let to = 0;
  for (let row = firstRow; row < endRow; row++) {
    for (const { first, weights } of columns) {
      const from = (row * photo.width + first) * channels;
      for (let channel = 0; channel < channels; channel++) {
        let sum = 0;
        for (let tap = 0; tap < weights.length; tap++) {
          sum += (weights[tap] ?? NaN) * (data[from + tap * channels + channel] ?? NaN);
        }
        result[to++] = sum;
      }
    }
  }
  return result;
}
