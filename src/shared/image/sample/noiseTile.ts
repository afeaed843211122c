import type { Random } from "#shared/random/random.ts";

/** Tileable noise of zero mean and unit variance whose spectrum falls with frequency as in photos: `[NOISE_SIDE, NOISE_SIDE]`. */
export type NoiseTile = Float32Array;

export const NOISE_SIDE = 128;
const COARSEST_CELLS = 4;
const OCTAVES = 5;

/** Each finer octave has this share of the coarser one's amplitude; 1/2 would be a 1/f fall, a little more is crisper. */
const OCTAVE_FALL = 0.7;

/** Makes a tile of noise from octaves of smooth random grids. */
export function drawNoiseTile(random: Random): NoiseTile {
  const tile = new Float32Array(NOISE_SIDE * NOISE_SIDE);
  for (let octave = 0; octave < OCTAVES; octave++) {
    const cells = COARSEST_CELLS * 2 ** octave;
    const grid = Float32Array.from({ length: cells * cells }, () => random.gaussian());
    const amplitude = OCTAVE_FALL ** octave;
    for (let y = 0, i = 0; y < NOISE_SIDE; y++) {
      for (let x = 0; x < NOISE_SIDE; x++, i++) {
        tile[i] =
          (tile[i] ?? NaN) + amplitude * interpolate(grid, cells, (x * cells) / NOISE_SIDE, (y * cells) / NOISE_SIDE);
      }
    }
  }
  return standardise(tile);
}

function standardise(values: Float32Array): Float32Array {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return values.map((value) => (value - mean) / Math.sqrt(variance));
}

/** Reads the tile at any point by bilinear interpolation; the tile repeats every NOISE_SIDE. */
export function sampleNoise(tile: NoiseTile, x: number, y: number): number {
  return interpolate(tile, NOISE_SIDE, x, y);
}

/** Interpolates bilinearly in a periodic grid of `side` x `side`, `side` a power of two. */
function interpolate(grid: Float32Array, side: number, x: number, y: number): number {
  const left = Math.floor(x);
  const top = Math.floor(y);
  const shareX = x - left;
  const shareY = y - top;
  const mask = side - 1;
  const column = left & mask;
  const nextColumn = (left + 1) & mask;
  const row = (top & mask) * side;
  const nextRow = ((top + 1) & mask) * side;
  const upper = (grid[row + column] ?? NaN) * (1 - shareX) + (grid[row + nextColumn] ?? NaN) * shareX;
  const lower = (grid[nextRow + column] ?? NaN) * (1 - shareX) + (grid[nextRow + nextColumn] ?? NaN) * shareX;
  return upper * (1 - shareY) + lower * shareY;
}
