/** Side of the blocks that JPEG transforms. */
export const BLOCK_PX = 8;
const VALUES = BLOCK_PX * BLOCK_PX;

/** The tables of ITU-T T.81, annex K.1, which nearly all programs scale by the quality; row by row from low frequencies to high. */
// prettier-ignore
const LUMINANCE = [
  16, 11, 10, 16, 24, 40, 51, 61,
  12, 12, 14, 19, 26, 58, 60, 55,
  14, 13, 16, 24, 40, 57, 69, 56,
  14, 17, 22, 29, 51, 87, 80, 62,
  18, 22, 37, 56, 68, 109, 103, 77,
  24, 35, 55, 64, 81, 104, 113, 92,
  49, 64, 78, 87, 103, 121, 120, 101,
  72, 92, 95, 98, 112, 100, 103, 99,
];
// prettier-ignore
const CHROMINANCE = [
  17, 18, 24, 47, 99, 99, 99, 99,
  18, 21, 26, 66, 99, 99, 99, 99,
  24, 26, 56, 99, 99, 99, 99, 99,
  47, 66, 99, 99, 99, 99, 99, 99,
  99, 99, 99, 99, 99, 99, 99, 99,
  99, 99, 99, 99, 99, 99, 99, 99,
  99, 99, 99, 99, 99, 99, 99, 99,
  99, 99, 99, 99, 99, 99, 99, 99,
];

/** Returns the 64 steps that coefficients are rounded to at a quality of 1..100, scaled as the Independent JPEG Group's code does. */
export function computeQuantisation(plane: "luminance" | "chrominance", quality: number): Float64Array {
  const whole = Math.min(100, Math.max(1, Math.round(quality)));
  const percent = whole < 50 ? Math.floor(5000 / whole) : 200 - 2 * whole;
  const table = plane === "luminance" ? LUMINANCE : CHROMINANCE;
  return Float64Array.from(table, (step) => Math.min(255, Math.max(1, Math.floor((step * percent + 50) / 100))));
}

/** The transform's factors, orthonormal. */
const C1 = halfCosine(1);
const C2 = halfCosine(2);
const C3 = halfCosine(3);
const C4 = halfCosine(4);
const C5 = halfCosine(5);
const C6 = halfCosine(6);
const C7 = halfCosine(7);
/** libjpeg knows coefficients to eighths, and rounds halves away from 0. */
const EIGHTHS = 8;
const block = new Float64Array(VALUES);

/** Half the cosine of so many sixteenths of a half turn. */
function halfCosine(sixteenths: number): number {
  return Math.cos((sixteenths * Math.PI) / 16) / 2;
}

/**
 * Rounds every block of 8x8 values of a plane (-128..127, sides multiples of 8) as a JPEG file would hold it, in place: to
 * cosine coefficients, these to whole steps, and back to whole values.
 */
export function quantiseBlocks(plane: Float64Array, width: number, quantisation: Float64Array): void {
  const rows = plane.length / width;
  for (let y = 0; y < rows; y += BLOCK_PX) {
    for (let x = 0; x < width; x += BLOCK_PX) quantiseBlock(plane, y * width + x, width, quantisation);
  }
}

function quantiseBlock(plane: Float64Array, start: number, stride: number, quantisation: Float64Array): void {
  for (let i = 0; i < VALUES; i++) block[i] = plane[start + (i >> 3) * stride + (i & 7)] ?? NaN;
  for (let line = 0; line < BLOCK_PX; line++) toFrequencies(line * BLOCK_PX, 1);
  for (let line = 0; line < BLOCK_PX; line++) toFrequencies(line, BLOCK_PX);
  for (let i = 0; i < VALUES; i++) {
    const step = quantisation[i] ?? NaN;
    const eighths = Math.round(EIGHTHS * (block[i] ?? NaN));
    block[i] = step * Math.sign(eighths) * Math.floor(Math.abs(eighths) / (EIGHTHS * step) + 0.5);
  }
  for (let line = 0; line < BLOCK_PX; line++) toValues(line, BLOCK_PX);
  for (let line = 0; line < BLOCK_PX; line++) toValues(line * BLOCK_PX, 1);
  for (let i = 0; i < VALUES; i++) {
    plane[start + (i >> 3) * stride + (i & 7)] = Math.min(127, Math.max(-128, Math.round(block[i] ?? NaN)));
  }
}

/** The discrete cosine transform of 8 values of the block, in place, by sums and differences of mirrored ones. */
function toFrequencies(first: number, step: number): void {
  const value = (index: number): number => block[first + index * step] ?? NaN;
  const s0 = value(0) + value(7);
  const s1 = value(1) + value(6);
  const s2 = value(2) + value(5);
  const s3 = value(3) + value(4);
  const d0 = value(0) - value(7);
  const d1 = value(1) - value(6);
  const d2 = value(2) - value(5);
  const d3 = value(3) - value(4);
  block[first] = C4 * (s0 + s1 + s2 + s3);
  block[first + step] = C1 * d0 + C3 * d1 + C5 * d2 + C7 * d3;
  block[first + 2 * step] = C2 * (s0 - s3) + C6 * (s1 - s2);
  block[first + 3 * step] = C3 * d0 - C7 * d1 - C1 * d2 - C5 * d3;
  block[first + 4 * step] = C4 * (s0 - s1 - s2 + s3);
  block[first + 5 * step] = C5 * d0 - C1 * d1 + C7 * d2 + C3 * d3;
  block[first + 6 * step] = C6 * (s0 - s3) - C2 * (s1 - s2);
  block[first + 7 * step] = C7 * d0 - C5 * d1 + C3 * d2 - C1 * d3;
}

/** The transform back. */
function toValues(first: number, step: number): void {
  const value = (index: number): number => block[first + index * step] ?? NaN;
  const [x1, x2, x3, x5, x6, x7] = [value(1), value(2), value(3), value(5), value(6), value(7)];
  const even = C4 * (value(0) + value(4));
  const odd = C4 * (value(0) - value(4));
  const near = C2 * x2 + C6 * x6;
  const far = C6 * x2 - C2 * x6;
  const d0 = C1 * x1 + C3 * x3 + C5 * x5 + C7 * x7;
  const d1 = C3 * x1 - C7 * x3 - C1 * x5 - C5 * x7;
  const d2 = C5 * x1 - C1 * x3 + C7 * x5 + C3 * x7;
  const d3 = C7 * x1 - C5 * x3 + C3 * x5 - C1 * x7;
  block[first] = even + near + d0;
  block[first + 7 * step] = even + near - d0;
  block[first + step] = odd + far + d1;
  block[first + 6 * step] = odd + far - d1;
  block[first + 2 * step] = odd - far + d2;
  block[first + 5 * step] = odd - far - d2;
  block[first + 3 * step] = even - near + d3;
  block[first + 4 * step] = even - near - d3;
}
