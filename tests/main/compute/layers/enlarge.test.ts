import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";

import { enlarge } from "#main/compute/layers/enlarge.ts";
import { checkGradient, type Computation } from "#main/compute/layers/gradientCheck.ts";
import { leakyRelu } from "#main/compute/layers/leakyRelu.ts";
import { Tape, type Value } from "#main/compute/layers/tape.ts";

import { drawAwayFromZero, drawTensor } from "#tests/helpers/drawTensor.ts";
import { listKernels } from "#tests/helpers/kernelCases.ts";
import { countLeaks } from "#tests/helpers/tensors.ts";

const compute: Computation = (tape, [x]) => leakyRelu(tape, enlarge(tape, x as Value));

/** One number of the enlarged picture, from the middles of the pixels around it, which are zero outside. */
function between(pixel: (row: number, column: number) => number, row: number, column: number): number {
  const [y, x] = [(row + 0.5) / 2 - 0.5, (column + 0.5) / 2 - 0.5];
  const [top, left] = [Math.floor(y), Math.floor(x)];
  return [0, 1]
    .flatMap((down) =>
      [0, 1].map((right) => {
        const weight = (down === 1 ? y - top : 1 - y + top) * (right === 1 ? x - left : 1 - x + left);
        return weight * pixel(top + down, left + right);
      }),
    )
    .reduce((sum, part) => sum + part, 0);
}

describe.each(await listKernels())("enlarging on $name", ({ kernels }) => {
  it("is bilinear between the middles of pixels, with zeros around", () => {
    const [height, width, channels] = [3, 4, 2];
    const x = drawTensor([1, height, width, channels], 1);
    const values = [...x.dataSync()];
    const tape = new Tape(kernels, true);
    const { tensor } = enlarge(tape, tape.leaf(x, false));
    expect(tensor.shape).toEqual([1, 2 * height, 2 * width, channels]);
    const enlarged = [...tensor.dataSync()];
    for (const [index, value] of enlarged.entries()) {
      const [place, channel] = [Math.floor(index / channels), index % channels];
      const pixel = (row: number, column: number): number =>
        row < 0 || row >= height || column < 0 || column >= width
          ? 0
          : values[(row * width + column) * channels + channel]!;
      expect(value).toBeCloseTo(between(pixel, Math.floor(place / (2 * width)), place % (2 * width)), 5);
    }
    tape.dispose();
    tf.dispose(x);
  });

  it("sends the right gradient and leaves nothing behind", async () => {
    const x = drawAwayFromZero([2, 3, 4, 3], 2);
    const check = (): number => checkGradient(kernels, [x], compute);
    expect(check()).toBeLessThan(1e-3);
    expect(await countLeaks(check)).toBe(0);
    x.dispose();
  });
});
