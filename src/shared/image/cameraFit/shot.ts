import { LabError } from "#shared/labError.ts";

import { BLOCK_PX } from "#shared/image/noiseBlocks.ts";
import type { Photo } from "#shared/image/photo.ts";

/** A photo as far as a fit needs it. */
export interface Shot {
  readonly name: string;
  /** Of the whole photo. */
  readonly width: number;
  readonly height: number;
  /** Blocks of 8x8 of its pixels side by side, from the same places in photos of one size: `[8 rows, 8 columns, C]`. */
  readonly blocks: Photo;
}

/** So many blocks, spread evenly, tell as much as all of them, and a burst of large photos needs little memory. */
const MOST_BLOCKS = 16_384;
/** Blocks of small photos overlap by half, so that there are enough of them. */
const SMALLEST_STEP_PX = 4;

/** Takes blocks of a photo that lie evenly over it. Pixels are copied as they are: nothing of their noise is changed. */
export function takeShot(name: string, photo: Photo): Shot {
  const { width, height, channels } = photo;
  const step = Math.max(SMALLEST_STEP_PX, Math.sqrt((width * height) / MOST_BLOCKS));
  const columns = countSteps(width, step);
  const rows = countSteps(height, step);
  const size = { width: columns * BLOCK_PX, height: rows * BLOCK_PX };
  const data = new Float32Array(size.width * size.height * channels);
  for (let y = 0, to = 0; y < size.height; y++) {
    const fromY = Math.floor(Math.floor(y / BLOCK_PX) * step) + (y % BLOCK_PX);
    for (let column = 0; column < columns; column++, to += BLOCK_PX * channels) {
      const from = (fromY * width + Math.floor(column * step)) * channels;
      data.set(photo.data.subarray(from, from + BLOCK_PX * channels), to);
    }
  }
  return { name, width, height, blocks: { ...size, channels, data } };
}

function countSteps(length: number, step: number): number {
  return length < BLOCK_PX ? 0 : Math.floor((length - BLOCK_PX) / step) + 1;
}

/** What photos of one scene have in common. */
interface Shape {
  readonly name: string;
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
}

/** Throws LabError `bad_data` where photos differ in size, or where some are grey and some in colour. */
export function checkSameShapes([first, ...others]: readonly Shape[]): void {
  if (first === undefined) throw new LabError("bad_data", "there must be a photo, got none");
  const other = others.find((shape) => describe(shape) !== describe(first));
  if (other === undefined) return;
  throw new LabError(
    "bad_data",
    `all photos must be of one size and kind: ${first.name} is ${describe(first)}, ${other.name} is ${describe(other)}`,
  );
}

function describe({ width, height, channels }: Shape): string {
  return `${width} x ${height} in ${channels === 1 ? "grey" : "colour"}`;
}
