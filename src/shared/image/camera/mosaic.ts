/** How the two missing colours of each pixel of a Bayer mosaic are found. `none`: a camera with three sensors, without a mosaic. */
export const DEMOSAICINGS = ["none", "bilinear", "malvar"] as const;
export type Demosaicing = (typeof DEMOSAICINGS)[number];

/** A Bayer mosaic: rows red-green and green-blue by turns; the offset says where in the pattern its first pixel lies. */
export interface Mosaic {
  readonly width: number;
  readonly height: number;
  /** 0 or 1 each. */
  readonly offset: { readonly x: number; readonly y: number };
  /** `[H, W]`. */
  readonly data: Float64Array;
}

/** Pixels around a mosaic that filters of 5x5 look at. */
const MARGIN = 2;

/** Tells which colour (0 red, 1 green, 2 blue) a mosaic has at a pixel. */
export function colourAt(x: number, y: number, offset: Mosaic["offset"]): 0 | 1 | 2 {
  const isOddColumn = ((x + offset.x) & 1) === 1;
  const isOddRow = ((y + offset.y) & 1) === 1;
  if (isOddColumn !== isOddRow) return 1;
  return isOddRow ? 2 : 0;
}

/**
 * Finds all colours of a mosaic, `[H, W, 3]`: by the means of the nearest neighbours of a colour, or by the 5x5 filters of
 * Malvar, He and Cutler 2004, which add detail of the colour that is there. Both are linear, and keep a constant. Beyond the
 * edges the mosaic is mirrored about its outermost pixels, which keeps its pattern.
 */
export function demosaic(mosaic: Mosaic, method: Exclude<Demosaicing, "none">): Float64Array {
  const { width, height, offset } = mosaic;
  const { data, stride } = addMargin(mosaic);
  const find = method === "bilinear" ? findBilinear : findMalvar;
  const colours = new Float64Array(width * height * 3);
  for (let y = 0, to = 0; y < height; y++) {
    for (let x = 0; x < width; x++, to += 3) {
      find(data, (y + MARGIN) * stride + x + MARGIN, stride, colourAt(x, y, offset), ((y + offset.y) & 1) === 0);
      colours[to] = found[0] ?? NaN;
      colours[to + 1] = found[1] ?? NaN;
      colours[to + 2] = found[2] ?? NaN;
    }
  }
  return colours;
}

/** Red, green and blue of the pixel at hand: one array for all pixels. */
const found = new Float64Array(3);

type Find = (data: Float64Array, at: number, stride: number, colour: 0 | 1 | 2, isRedRow: boolean) => void;

const findBilinear: Find = (data, at, stride, colour, isRedRow) => {
  const own = data[at] ?? NaN;
  const beside = ((data[at - 1] ?? NaN) + (data[at + 1] ?? NaN)) / 2;
  const above = ((data[at - stride] ?? NaN) + (data[at + stride] ?? NaN)) / 2;
  if (colour === 1) {
    setFound(isRedRow ? beside : above, own, isRedRow ? above : beside);
    return;
  }
  const other = sumDiagonals(data, at, stride) / 4;
  const green = (beside + above) / 2;
  if (colour === 0) setFound(own, green, other);
  else setFound(other, green, own);
};

const findMalvar: Find = (data, at, stride, colour, isRedRow) => {
  const own = data[at] ?? NaN;
  const beside = (data[at - 1] ?? NaN) + (data[at + 1] ?? NaN);
  const above = (data[at - stride] ?? NaN) + (data[at + stride] ?? NaN);
  const farBeside = (data[at - 2] ?? NaN) + (data[at + 2] ?? NaN);
  const farAbove = (data[at - 2 * stride] ?? NaN) + (data[at + 2 * stride] ?? NaN);
  const diagonals = sumDiagonals(data, at, stride);
  if (colour === 1) {
    const alongRow = (5 * own + 4 * beside - farBeside + farAbove / 2 - diagonals) / 8;
    const alongColumn = (5 * own + 4 * above - farAbove + farBeside / 2 - diagonals) / 8;
    setFound(isRedRow ? alongRow : alongColumn, own, isRedRow ? alongColumn : alongRow);
    return;
  }
  const green = (4 * own + 2 * (beside + above) - farBeside - farAbove) / 8;
  const other = (6 * own + 2 * diagonals - 1.5 * (farBeside + farAbove)) / 8;
  if (colour === 0) setFound(own, green, other);
  else setFound(other, green, own);
};

function setFound(red: number, green: number, blue: number): void {
  found[0] = red;
  found[1] = green;
  found[2] = blue;
}

function sumDiagonals(data: Float64Array, at: number, stride: number): number {
  return (
    (data[at - stride - 1] ?? NaN) +
    (data[at - stride + 1] ?? NaN) +
    (data[at + stride - 1] ?? NaN) +
    (data[at + stride + 1] ?? NaN)
  );
}

function addMargin({ width, height, data }: Mosaic): { readonly data: Float64Array; readonly stride: number } {
  const stride = width + 2 * MARGIN;
  const padded = new Float64Array(stride * (height + 2 * MARGIN));
  for (let y = -MARGIN, to = 0; y < height + MARGIN; y++) {
    const row = reflect(y, height) * width;
    for (let x = -MARGIN; x < width + MARGIN; x++, to++) padded[to] = data[row + reflect(x, width)] ?? NaN;
  }
  return { data: padded, stride };
}

/** Mirrors a position about the first and last pixel, which is an even distance; pictures of one or two pixels end there. */
function reflect(position: number, length: number): number {
  const inside = position < 0 ? -position : position >= length ? 2 * (length - 1) - position : position;
  return Math.min(length - 1, Math.max(0, inside));
}
