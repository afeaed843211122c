import { at } from "#shared/at.ts";

import type { Photo } from "./photo.ts";
import { checkSameShape } from "./psnr.ts";

/** Sides of the Haar filters in pixels of the halved picture: the two fine ones are compared, the coarse one weighs. */
const SIDES = [2, 4, 8] as const;
const COARSEST_SIDE = 8;
/** Filters of a pixel: along y and along x for each side. */
const FILTERS = 2 * SIDES.length;
/** Rows of sums from the top to the bottom of the coarsest filter. */
const ROWS_IN_REACH = COARSEST_SIDE + 1;
const ROWS_BELOW = COARSEST_SIDE / 2 + 1;

/** C and alpha, fitted by the authors to what people said of pictures with values of 0..255. */
const C = 30;
const ALPHA = 4.2;
const RANGE = 255;

/** Y, I and Q of red, green and blue, rounded as the authors have them. */
const YIQ = [
  [0.299, 0.587, 0.114],
  [0.596, -0.274, -0.322],
  [0.211, -0.523, 0.312],
] as const;

/**
 * Computes HaarPSI, a perceptual similarity of 0..1 where 1 is equal: how alike two pictures look to people. It stands
 * beside SSIM because it needs no trained weights, takes colour as such, costs less than SSIM, and came nearer to people's
 * ratings than SSIM on the four collections of its paper. Source: Reisenhofer, Bosse, Kutyniok and Wiegand, "A Haar
 * wavelet-based perceptual similarity index for image quality assessment", Signal Processing: Image Communication 61
 * (2018), arXiv:1607.06140, with the authors' code for borders and colour (science notes 1.9).
 *
 * Pictures are halved (means of 2 x 2). With g the magnitudes of Haar filters of 2, 4 and 8 pixels along y and x, zeros
 * outside: similarity HS = mean over the sides 2 and 4 of (2 ga gb + C) / (ga^2 + gb^2 + C), weight W = max(ga, gb) at side 8,
 * HaarPSI = (l^-1(sum l(HS) W / sum W))^2 with l(x) = 1 / (1 + e^(-alpha x)), alpha = 4.2 and C = 30 for values of 0..255. In
 * colour the filters see Y of YIQ, and I and Q add a third similarity: the means of their 2 x 2 pixels, weighed by the mean
 * of the two weights. Throws where the shapes differ.
 */
export function computeHaarPsi(a: Photo, b: Photo): number {
  checkSameShape("HaarPSI", a, b);
  const pairs = weightsOf(a).map((weights) => [toPlane(a, weights), toPlane(b, weights)] as const);
  const [luma, ...chroma] = pairs;
  if (luma === undefined) throw new Error("HaarPSI: a photo must have a channel");
  const { width, height } = luma[0];
  const magnitudes = luma.map(() => new Float64Array(width * FILTERS));
  const total = { similarity: 0, weight: 0 };
  for (let y = 0; y < height; y++) {
    for (const plane of pairs.flat()) fillRows(plane, y);
    luma.forEach((plane, index) => filterRow(plane, y, at(magnitudes, index, "HaarPSI: photo")));
    compareRow(at(magnitudes, 0, "HaarPSI: a"), at(magnitudes, 1, "HaarPSI: b"), toChromaSimilarity(chroma, y), total);
  }
  // Without weight there is no structure at all: both are black.
  if (total.weight === 0) return 1;
  const mean = total.similarity / total.weight;
  return (Math.log(mean / (1 - mean)) / ALPHA) ** 2;
}

/** One plane of a photo at half its size, as sums over rectangles from its top left corner. */
interface Plane {
  readonly photo: Photo;
  /** What each channel counts, with 255 for the range and a quarter for the mean of four pixels. */
  readonly weights: readonly number[];
  readonly width: number;
  readonly height: number;
  /** Row k, at k modulo their number: sums over all that is above halved row k and left of each column `[W + 1]`. */
  readonly sums: readonly Float64Array[];
  filled: number;
}

function weightsOf({ channels }: Photo): readonly (readonly number[])[] {
  return channels === 1 ? [[1]] : YIQ;
}

function toPlane(photo: Photo, weights: readonly number[]): Plane {
  const width = Math.ceil(photo.width / 2);
  const height = Math.ceil(photo.height / 2);
  const sums = Array.from({ length: ROWS_IN_REACH }, () => new Float64Array(width + 1));
  return { photo, weights: weights.map((weight) => (weight * RANGE) / 4), width, height, sums, filled: 0 };
}

function rowOf({ sums, height }: Plane, row: number): Float64Array {
  return at(sums, Math.min(height, Math.max(0, row)) % ROWS_IN_REACH, "HaarPSI: row");
}

/** Adds up rows until those that filters at halved row `y` reach are there. */
function fillRows(plane: Plane, y: number): void {
  const { photo, weights, width } = plane;
  const { channels, data } = photo;
  const until = Math.min(plane.height, y + ROWS_BELOW);
  for (; plane.filled < until; plane.filled++) {
    const above = rowOf(plane, plane.filled);
    const target = rowOf(plane, plane.filled + 1);
    const top = 2 * plane.filled;
    const hasBottom = top + 1 < photo.height;
    let sum = 0;
    target[0] = 0;
    for (let x = 0; x < width; x++) {
      const hasRight = 2 * x + 1 < photo.width;
      const from = (top * photo.width + 2 * x) * channels;
      const below = from + photo.width * channels;
      for (let channel = 0; channel < channels; channel++) {
        let four = data[from + channel] ?? NaN;
        if (hasRight) four += data[from + channels + channel] ?? NaN;
        if (hasBottom) four += data[below + channel] ?? NaN;
        if (hasRight && hasBottom) four += data[below + channels + channel] ?? NaN;
        sum += four * (weights[channel] ?? NaN);
      }
      target[x + 1] = (above[x + 1] ?? NaN) + sum;
    }
  }
}

/** Writes the magnitudes of the Haar filters of one halved row `[W, 6]`: along y, then along x, for each side. */
function filterRow(plane: Plane, y: number, target: Float64Array): void {
  const { width } = plane;
  SIDES.forEach((side, index) => {
    const half = side / 2;
    const top = rowOf(plane, y - half + 1);
    const middle = rowOf(plane, y + 1);
    const bottom = rowOf(plane, y + half + 1);
    for (let x = 0; x < width; x++) {
      const left = Math.max(0, x - half + 1);
      const right = Math.min(width, x + half + 1);
      const [topLeft, bottomLeft] = [top[left] ?? NaN, bottom[left] ?? NaN];
      const [topRight, bottomRight] = [top[right] ?? NaN, bottom[right] ?? NaN];
      const rows = bottomRight + topRight - bottomLeft - topLeft - 2 * ((middle[right] ?? NaN) - (middle[left] ?? NaN));
      const centre = (bottom[x + 1] ?? NaN) - (top[x + 1] ?? NaN);
      const columns = bottomRight - topRight + bottomLeft - topLeft - 2 * centre;
      target[x * FILTERS + 2 * index] = Math.abs(rows) / side;
      target[x * FILTERS + 2 * index + 1] = Math.abs(columns) / side;
    }
  });
}

/** Adds a row's weighted similarities to the sums. */
function compareRow(
  a: Float64Array,
  b: Float64Array,
  chroma: ((x: number) => number) | null,
  total: { similarity: number; weight: number },
): void {
  for (let from = 0, x = 0; from < a.length; from += FILTERS, x++) {
    let weights = 0;
    for (let direction = 0; direction < 2; direction++) {
      const fine = from + direction;
      const similarity =
        (similarityOf(a[fine] ?? NaN, b[fine] ?? NaN) + similarityOf(a[fine + 2] ?? NaN, b[fine + 2] ?? NaN)) / 2;
      const weight = Math.max(a[fine + 4] ?? NaN, b[fine + 4] ?? NaN);
      total.similarity += squash(similarity) * weight;
      weights += weight;
    }
    total.weight += weights;
    if (chroma === null) continue;
    total.similarity += squash(chroma(x)) * (weights / 2);
    total.weight += weights / 2;
  }
}

/** Returns the mean similarity of I and Q by column of a halved row; null for grey. */
function toChromaSimilarity(chroma: readonly (readonly [Plane, Plane])[], y: number): ((x: number) => number) | null {
  if (chroma.length === 0) return null;
  const pairs = chroma.map(([a, b]) => [meansOfFour(a, y), meansOfFour(b, y)] as const);
  return (x) => pairs.reduce((sum, [a, b]) => sum + similarityOf(a(x), b(x)), 0) / pairs.length;
}

/** Returns the magnitude of the mean of 2 x 2 halved pixels by column. */
function meansOfFour(plane: Plane, y: number): (x: number) => number {
  const top = rowOf(plane, y);
  const bottom = rowOf(plane, y + 2);
  return (x) => {
    const right = Math.min(plane.width, x + 2);
    const sum = (bottom[right] ?? NaN) - (bottom[x] ?? NaN) - (top[right] ?? NaN) + (top[x] ?? NaN);
    return Math.abs(sum) / 4;
  };
}

function similarityOf(a: number, b: number): number {
  return (2 * a * b + C) / (a * a + b * b + C);
}

function squash(similarity: number): number {
  return 1 / (1 + Math.exp(-ALPHA * similarity));
}
