import type { Photo } from "#shared/image/photo.ts";

import { BLOCK_PX, computeQuantisation, quantiseBlocks } from "./jpegBlock.ts";

/** How many chroma values a JPEG file has: one per pixel, or one per 2x2 pixels. */
export type ChromaSampling = "4:4:4" | "4:2:0";

export interface JpegSettings {
  /** 1..100 as programs count it. */
  readonly quality: number;
  readonly sampling: ChromaSampling;
  /** Where the photo's first pixel lies in the grid of blocks, 0..15: a photo may have been cut from a larger one. */
  readonly offset: { readonly x: number; readonly y: number };
}

/** A plane with room for the whole blocks around a photo. */
interface Canvas {
  readonly width: number;
  readonly height: number;
}

const MIDDLE = 128;

/**
 * Returns a photo as a JPEG file would give it back: rounded to 8 bits, to luma and chroma (ITU-R BT.601, full range), blocks
 * of 8x8 to cosine coefficients rounded by the tables of ITU-T T.81 annex K, and back. Entropy coding loses nothing and is left
 * out. Chroma of 2x2 pixels is their mean, and is interpolated with weights 3 and 1 on the way back, as libjpeg does.
 */
export function simulateJpeg(photo: Photo, { quality, sampling, offset }: JpegSettings): Photo {
  const { width, height } = photo;
  const unit = sampling === "4:2:0" && photo.channels === 3 ? 2 * BLOCK_PX : BLOCK_PX;
  const shift = { x: offset.x % unit, y: offset.y % unit };
  const canvas = {
    width: Math.ceil((width + shift.x) / unit) * unit,
    height: Math.ceil((height + shift.y) / unit) * unit,
  };
  const planes = toPlanes(photo, canvas, shift);
  const result = new Float32Array(photo.data.length);
  const luma = planes[0];
  quantiseBlocks(luma, canvas.width, computeQuantisation("luminance", quality));
  const chroma = planes.slice(1).map((plane) => passChroma(plane, canvas, quality, unit > BLOCK_PX));
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      const from = (y + shift.y) * canvas.width + x + shift.x;
      const value = (luma[from] ?? NaN) + MIDDLE;
      if (photo.channels === 1) result[i] = toUnit(value);
      else {
        const blue = chroma[0]?.[from] ?? NaN;
        const red = chroma[1]?.[from] ?? NaN;
        result[3 * i] = toUnit(value + 1.402 * red);
        result[3 * i + 1] = toUnit(value - 0.344136 * blue - 0.714136 * red);
        result[3 * i + 2] = toUnit(value + 1.772 * blue);
      }
    }
  }
  return { ...photo, data: result };
}

function toUnit(value255: number): number {
  return Math.min(255, Math.max(0, Math.round(value255))) / 255;
}

/** Luma and the two chromas as whole numbers around 0; beyond the photo its edge goes on, as encoders fill up blocks. */
function toPlanes(photo: Photo, canvas: Canvas, shift: JpegSettings["offset"]): [Float64Array, ...Float64Array[]] {
  const { width, height, channels, data } = photo;
  const size = canvas.width * canvas.height;
  const luma = new Float64Array(size);
  const blueness = new Float64Array(channels === 3 ? size : 0);
  const redness = new Float64Array(channels === 3 ? size : 0);
  const valueAt = (index: number): number => Math.round(255 * Math.min(1, Math.max(0, data[index] ?? NaN)));
  for (let y = 0, to = 0; y < canvas.height; y++) {
    const row = Math.min(height - 1, Math.max(0, y - shift.y)) * width;
    for (let x = 0; x < canvas.width; x++, to++) {
      const from = (row + Math.min(width - 1, Math.max(0, x - shift.x))) * channels;
      if (channels === 1) {
        luma[to] = valueAt(from) - MIDDLE;
        continue;
      }
      const [red, green, blue] = [valueAt(from), valueAt(from + 1), valueAt(from + 2)];
      luma[to] = Math.round(0.299 * red + 0.587 * green + 0.114 * blue) - MIDDLE;
      blueness[to] = Math.round(-0.168736 * red - 0.331264 * green + 0.5 * blue);
      redness[to] = Math.round(0.5 * red - 0.418688 * green - 0.081312 * blue);
    }
  }
  return channels === 1 ? [luma] : [luma, blueness, redness];
}

function passChroma(plane: Float64Array, canvas: Canvas, quality: number, isHalved: boolean): Float64Array {
  const quantisation = computeQuantisation("chrominance", quality);
  if (!isHalved) {
    quantiseBlocks(plane, canvas.width, quantisation);
    return plane;
  }
  const half = halve(plane, canvas);
  quantiseBlocks(half, canvas.width / 2, quantisation);
  return double(half, { width: canvas.width / 2, height: canvas.height / 2 });
}

function halve(plane: Float64Array, { width, height }: Canvas): Float64Array {
  const half = new Float64Array((width / 2) * (height / 2));
  for (let y = 0, to = 0; y < height; y += 2) {
    for (let x = 0, from = y * width; x < width; x += 2, from += 2, to++) {
      const above = (plane[from] ?? NaN) + (plane[from + 1] ?? NaN);
      const sum = above + (plane[from + width] ?? NaN) + (plane[from + width + 1] ?? NaN);
      // Halves go down and up by turns, or the mean would shift.
      half[to] = Math.floor((sum + ((x & 2) === 0 ? 1 : 2)) / 4);
    }
  }
  return half;
}

/** Three parts of the nearest value and one of the next, along both sides. */
function double(half: Float64Array, { width, height }: Canvas): Float64Array {
  const plane = new Float64Array(4 * half.length);
  for (let y = 0, to = 0; y < 2 * height; y++) {
    const near = (y >> 1) * width;
    const far = Math.min(height - 1, Math.max(0, (y >> 1) + ((y & 1) === 1 ? 1 : -1))) * width;
    for (let x = 0; x < 2 * width; x++, to++) {
      const nearX = x >> 1;
      const farX = Math.min(width - 1, Math.max(0, nearX + ((x & 1) === 1 ? 1 : -1)));
      const nearRow = 3 * (half[near + nearX] ?? NaN) + (half[near + farX] ?? NaN);
      const farRow = 3 * (half[far + nearX] ?? NaN) + (half[far + farX] ?? NaN);
      plane[to] = Math.floor((3 * nearRow + farRow + ((x & 1) === 0 ? 8 : 7)) / 16);
    }
  }
  return plane;
}
