import type { Shape4D } from "#main/compute/kernels/kernels.ts";

/** A tensor as numbers in row-major order. */
export interface Numbers {
  readonly shape: Shape4D;
  readonly data: ArrayLike<number>;
}

/** One multiplication of a convolution: an input value times a filter value, added to an output value. */
type OnProduct = (input: number, filter: number, output: number) => void;

/** Calls back with the three indices of every product of a plain convolution with zero padding that keeps the size. */
export function forEachProduct(x: Shape4D, filter: Shape4D, dilation: number, onProduct: OnProduct): void {
  const [batch, height, width, channels] = x;
  const [side, , , outputs] = filter;
  const middle = (side - 1) / 2;
  for (let b = 0; b < batch; b += 1) {
    forEachTap(height, width, side, dilation, middle, (row, column, fromRow, fromColumn, tap) => {
      for (let c = 0; c < channels; c += 1) {
        for (let d = 0; d < outputs; d += 1) {
          onProduct(
            ((b * height + fromRow) * width + fromColumn) * channels + c,
            (tap * channels + c) * outputs + d,
            ((b * height + row) * width + column) * outputs + d,
          );
        }
      }
    });
  }
}

/** The same for a depthwise convolution: output channel c * M + m is input channel c through filter m. */
export function forEachDepthwiseProduct(x: Shape4D, filter: Shape4D, dilation: number, onProduct: OnProduct): void {
  const [, , , multiplier] = filter;
  const [batch, height, width, channels] = x;
  const middle = (filter[0] - 1) / 2;
  for (let b = 0; b < batch; b += 1) {
    forEachTap(height, width, filter[0], dilation, middle, (row, column, fromRow, fromColumn, tap) => {
      for (let c = 0; c < channels; c += 1) {
        for (let m = 0; m < multiplier; m += 1) {
          onProduct(
            ((b * height + fromRow) * width + fromColumn) * channels + c,
            (tap * channels + c) * multiplier + m,
            ((b * height + row) * width + column) * channels * multiplier + c * multiplier + m,
          );
        }
      }
    });
  }
}

/** Calls back for each output pixel and each tap of the filter that falls inside the picture. */
function forEachTap(
  height: number,
  width: number,
  side: number,
  dilation: number,
  middle: number,
  onTap: (row: number, column: number, fromRow: number, fromColumn: number, tap: number) => void,
): void {
  for (let row = 0; row < height; row += 1) {
    for (let column = 0; column < width; column += 1) {
      for (let tap = 0; tap < side * side; tap += 1) {
        const fromRow = row + (Math.floor(tap / side) - middle) * dilation;
        const fromColumn = column + ((tap % side) - middle) * dilation;
        if (fromRow >= 0 && fromRow < height && fromColumn >= 0 && fromColumn < width) {
          onTap(row, column, fromRow, fromColumn, tap);
        }
      }
    }
  }
}
