import { LabError } from "#shared/api/labError.ts";
import type { Rectangle } from "./geometry.ts";
import type { Photo } from "./photo.ts";

/** A regular cut of a photo: the network sees `input` (with halo, cut at the photo's edges), and gives the pixels of `output`. */
export interface Tile {
  readonly input: Rectangle;
  readonly output: Rectangle;
}

/** Below this side of an output the halo eats nearly all the work, so asking for more memory is the better answer. */
const SMALLEST_TILE = 16;

/**
 * Plans tiles whose outputs cover every pixel exactly once; `tile` is the largest side of an output, `halo` the margin
 * that the input adds on each side. With a halo of half the receptive field or more the stitched result equals the
 * whole-image result, for the photo's edges stay edges and nothing is mirrored.
 */
export function planTiles(options: { width: number; height: number; tile: number; halo: number }): Tile[] {
  const { width, height, tile, halo } = options;
  const rows = splitLength(height, tile);
  return rows.flatMap((y) =>
    splitLength(width, tile).map((x) => {
      const output = { x: x.from, y: y.from, width: x.to - x.from, height: y.to - y.from };
      return { input: grow(output, halo, width, height), output };
    }),
  );
}

/**
 * Chooses the side of the tiles' outputs so that one input fits the memory budget; the whole photo where that fits.
 * `bytesPerPixel` is what the network needs per input pixel. Throws memory where not even a small tile fits.
 */
export function sizeTiles(options: {
  bytesPerPixel: number;
  memoryBudgetMb: number;
  halo: number;
  width: number;
  height: number;
}): number {
  const { bytesPerPixel, memoryBudgetMb, halo, width, height } = options;
  const pixels = (memoryBudgetMb * 1024 * 1024) / bytesPerPixel;
  if (width * height <= pixels) return Math.max(width, height);
  const tile = Math.floor(Math.sqrt(pixels)) - 2 * halo;
  if (tile < SMALLEST_TILE) {
    const neededMb = Math.ceil(((SMALLEST_TILE + 2 * halo) ** 2 * bytesPerPixel) / (1024 * 1024));
    throw new LabError(
      "memory",
      `sizeTiles: this network needs a memory budget of at least ${neededMb} MB, got ${memoryBudgetMb} MB`,
    );
  }
  return tile;
}

/** Puts the tiles of a photo together again. */
export interface Stitcher {
  /** Takes a tile's result `[input.height, input.width, C]`, of which the pixels of `output` are used. */
  add(tile: Tile, data: Float32Array): void;
  /** Returns the photo; throws where pixels are missing. */
  finish(): Photo;
}

/** Creates a stitcher for the tiles that `planTiles` planned. */
export function createStitcher(width: number, height: number, channels: 1 | 3): Stitcher {
  const whole = new Float32Array(width * height * channels);
  let covered = 0;
  return {
    add: ({ input, output }, data) => {
      const expected = input.width * input.height * channels;
      if (data.length !== expected) {
        throw new Error(`stitcher: tile data must have ${expected} values, got ${data.length}`);
      }
      for (let row = 0; row < output.height; row++) {
        const from = ((output.y - input.y + row) * input.width + output.x - input.x) * channels;
        const to = ((output.y + row) * width + output.x) * channels;
        whole.set(data.subarray(from, from + output.width * channels), to);
      }
      covered += output.width * output.height;
    },
    finish: () => {
      if (covered !== width * height) {
        throw new Error(`stitcher: tiles must cover ${width * height} pixels once, got ${covered}`);
      }
      return { width, height, channels, data: whole };
    },
  };
}

/** Splits a length into the fewest parts of at most `longest`, as even as whole pixels allow. */
function splitLength(length: number, longest: number): { from: number; to: number }[] {
  const count = Math.ceil(length / longest);
  return Array.from({ length: count }, (_, index) => ({
    from: Math.floor((index * length) / count),
    to: Math.floor(((index + 1) * length) / count),
  }));
}

function grow({ x, y, width, height }: Rectangle, halo: number, limitX: number, limitY: number): Rectangle {
  const left = Math.max(0, x - halo);
  const top = Math.max(0, y - halo);
  return {
    x: left,
    y: top,
    width: Math.min(limitX, x + width + halo) - left,
    height: Math.min(limitY, y + height + halo) - top,
  };
}
