import type { Photo } from "./photo.ts";

/** Side of the squares that noise is measured in: small enough that many lie on one surface. */
export const BLOCK_PX = 8;
/** Of a plane fitted to a block, these numbers are gone: offset and two slopes. */
export const PLANE_PARAMETERS = 3;

const PIXELS = BLOCK_PX * BLOCK_PX;
const MIDDLE = (BLOCK_PX - 1) / 2;
/** Variance of the coordinates 0..7. */
const COORDINATE_VARIANCE = (BLOCK_PX * BLOCK_PX - 1) / 12;
/** So many blocks, spread evenly, tell as much as all of them. */
const MOST_BLOCKS = 8192;
/** Blocks of small photos overlap by half, for the flat places to be found. */
const SMALLEST_STEP_PX = 4;

/** What is left of one block when its plane is taken off; variances on the 0..255 scale squared, means over the channels. */
export interface NoiseBlock {
  /** Mean value, 0..255 scale. */
  readonly signal255: number;
  readonly variance: number;
  /** Of the finest diagonal detail (Haar), scaled so that white noise has its own variance there. */
  readonly diagonal: number;
  /** What the means of 2x2 pixels do not have. */
  readonly fine: number;
  /** What the means of 2x2 pixels have and those of 4x4 do not: an octave lower. */
  readonly coarse: number;
  /** Share of the values that are exactly 0 or 1, as clipped ones are. */
  readonly boundShare: number;
}

/**
 * Measures blocks of 8x8 pixels spread over a photo, or one every `stepPx` pixels along and down; a photo under 8x8 pixels has
 * none.
 */
export function measureNoiseBlocks(photo: Photo, stepPx?: number): readonly NoiseBlock[] {
  const { width, height, channels, data } = photo;
  const step = stepPx ?? Math.max(SMALLEST_STEP_PX, Math.sqrt((width * height) / MOST_BLOCKS));
  const plane = new Float64Array(PIXELS);
  const blocks: NoiseBlock[] = [];
  for (let row = 0; row <= height - BLOCK_PX; row += step) {
    for (let column = 0; column <= width - BLOCK_PX; column += step) {
      const x = Math.floor(column);
      const y = Math.floor(row);
      const parts = Array.from({ length: channels }, (_, channel) => {
        const start = (y * width + x) * channels + channel;
        return measureChannel(plane, data, { start, right: channels, down: width * channels });
      });
      blocks.push(meanOf(parts));
    }
  }
  return blocks;
}

interface Walk {
  readonly start: number;
  readonly right: number;
  readonly down: number;
}

function measureChannel(values: Float64Array, data: Float32Array, { start, right, down }: Walk): NoiseBlock {
  let bound = 0;
  let sum = 0;
  let slopeX = 0;
  let slopeY = 0;
  for (let i = 0; i < PIXELS; i++) {
    const x = i % BLOCK_PX;
    const y = (i - x) / BLOCK_PX;
    const value = data[start + y * down + x * right] ?? NaN;
    if (value === 0 || value === 1) bound++;
    values[i] = 255 * value;
    sum += 255 * value;
    slopeX += 255 * value * (x - MIDDLE);
    slopeY += 255 * value * (y - MIDDLE);
  }
  const signal255 = sum / PIXELS;
  const scale = PIXELS * COORDINATE_VARIANCE;
  let squares = 0;
  for (let i = 0; i < PIXELS; i++) {
    const x = i % BLOCK_PX;
    const y = (i - x) / BLOCK_PX;
    const rest = (values[i] ?? NaN) - signal255 - ((x - MIDDLE) * slopeX + (y - MIDDLE) * slopeY) / scale;
    values[i] = rest;
    squares += rest * rest;
  }
  const variance = squares / (PIXELS - PLANE_PARAMETERS);
  return { signal255, variance, boundShare: bound / PIXELS, ...splitOctaves(values, squares / PIXELS) };
}

/** Splits what is left of a block by octaves: a Haar pyramid of two levels. */
function splitOctaves(values: Float64Array, meanSquare: number): Pick<NoiseBlock, "diagonal" | "fine" | "coarse"> {
  const at = (index: number) => values[index] ?? NaN;
  let diagonal = 0;
  let squares2 = 0;
  let squares4 = 0;
  for (let corner = 0; corner < PIXELS; corner += corner % BLOCK_PX === 4 ? 3 * BLOCK_PX + 4 : 4) {
    let sum = 0;
    for (const inner of [0, 2, 2 * BLOCK_PX, 2 * BLOCK_PX + 2]) {
      const i = corner + inner;
      const [a, b, c, d] = [at(i), at(i + 1), at(i + BLOCK_PX), at(i + BLOCK_PX + 1)];
      const mean = (a + b + c + d) / 4;
      diagonal += (a - b - c + d) ** 2 / 4;
      squares2 += mean * mean;
      sum += mean;
    }
    squares4 += (sum / 4) ** 2;
  }
  const coarser = (4 * squares2) / PIXELS;
  return { diagonal: (4 * diagonal) / PIXELS, fine: meanSquare - coarser, coarse: coarser - (16 * squares4) / PIXELS };
}

function meanOf(parts: readonly NoiseBlock[]): NoiseBlock {
  const mean = (of: (part: NoiseBlock) => number) => parts.reduce((sum, part) => sum + of(part), 0) / parts.length;
  return {
    signal255: mean((part) => part.signal255),
    variance: mean((part) => part.variance),
    diagonal: mean((part) => part.diagonal),
    fine: mean((part) => part.fine),
    coarse: mean((part) => part.coarse),
    boundShare: mean((part) => part.boundShare),
  };
}
