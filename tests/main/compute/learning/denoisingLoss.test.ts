import * as tf from "@tensorflow/tfjs-core";
import type { Scalar, Tensor4D } from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";

import { Tape } from "#main/compute/layers/tape.ts";
import { denoisingLoss } from "#main/compute/learning/denoisingLoss.ts";
import type { Photo } from "#shared/image/photo.ts";
import { computeMse } from "#shared/image/psnr.ts";
import { computeSsim } from "#shared/image/ssim.ts";

import { drawNumbers } from "#tests/helpers/drawTensor.ts";
import { findWrongSlopes } from "#tests/helpers/finiteDifferences.ts";
import { listKernels } from "#tests/helpers/kernelCases.ts";
import { relativeError } from "#tests/helpers/referenceFixtures.ts";
import { countLeaks } from "#tests/helpers/tensors.ts";

const BATCH = 2;
const WIDTH = 13;
const HEIGHT = 11;
const SIZE = BATCH * WIDTH * HEIGHT;

const clean = drawNumbers(SIZE, 1, 0.2).map((value) => value + 0.5);
const predicted = drawNumbers(SIZE, 2, 0.1).map((value, i) => value + (clean[i] ?? 0));

const picture = (data: Float32Array): Tensor4D => tf.tensor4d(data, [BATCH, HEIGHT, WIDTH, 1]);

/** The loss of the notes in double precision, by the metrics of photos. */
function plainLoss(data: Float32Array, ssimWeight: number): number {
  const half = SIZE / BATCH;
  const photo = (from: Float32Array, index: number): Photo => ({
    width: WIDTH,
    height: HEIGHT,
    channels: 1,
    data: from.subarray(index * half, (index + 1) * half),
  });
  const mean = (measure: (a: Photo, b: Photo) => number): number =>
    (measure(photo(data, 0), photo(clean, 0)) + measure(photo(data, 1), photo(clean, 1))) / 2;
  return mean(computeMse) + ssimWeight * Math.log10(1 / mean(computeSsim));
}

describe.each(await listKernels())("denoisingLoss on $name", ({ kernels }) => {
  /** The loss and its gradient, times `seed`. */
  function run(ssimWeight: number, seed = 1): { value: number; gradient: Float32Array } {
    const [x, y] = [picture(predicted), picture(clean)];
    const tape = new Tape(kernels, true);
    const leaf = tape.leaf(x, true);
    const loss = denoisingLoss(tape, leaf, y, ssimWeight);
    const [value = NaN] = loss.tensor.dataSync<"float32">();
    tape.backward(loss, tf.scalar(seed) satisfies Scalar);
    const gradient = tape.takeGradient(leaf)!;
    const numbers = Float32Array.from(gradient.dataSync());
    tf.dispose([x, y, gradient]);
    return { value, gradient: numbers };
  }

  it.each([0, 0.5, 2])("is the mean squared error plus %d times log10(1 / SSIM)", (ssimWeight) => {
    expect(relativeError([run(ssimWeight).value], [plainLoss(predicted, ssimWeight)])).toBeLessThan(1e-5);
  });

  it.each([0, 0.5, 2])("sends the gradient of that, SSIM weighed %d, at every pixel", (ssimWeight) => {
    const { gradient } = run(ssimWeight);
    const objective = (at: Float32Array): number => plainLoss(at, ssimWeight);
    const pixels = Array.from({ length: 12 }, (_, i) => i * 23).map((from) => ({
      name: `${from}`,
      from,
      to: from + 1,
    }));
    const claim = { at: predicted, gradient, objective, step: 1e-3 };
    const parts = [...pixels, { name: "all", from: 0, to: SIZE }];
    expect(findWrongSlopes(claim, parts, new Float32Array(SIZE).fill(1), 1e-3)).toEqual([]);
  });

  it("scales its gradient by what it is asked for", () => {
    const whole = run(0.5).gradient;
    expect(
      relativeError(
        run(0.5, 0.5).gradient,
        whole.map((value) => value / 2),
      ),
    ).toBeLessThan(1e-6);
  });

  it("leaves no tensor behind", async () => {
    expect(await countLeaks(() => run(0.5))).toBe(0);
    expect(await countLeaks(() => run(0))).toBe(0);
  });
});
