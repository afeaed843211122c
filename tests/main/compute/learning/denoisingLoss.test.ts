import * as tf from "@tensorflow/tfjs-core";
import type { Scalar, Tensor4D } from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";

import { Tape } from "#main/compute/layers/tape.ts";
import { denoisingLoss } from "#main/compute/learning/denoisingLoss.ts";
import type { PixelLoss } from "#shared/runs/config.ts";
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

/** What the errors of the pixels count on average, in double precision. */
const PIXEL_LOSSES: Readonly<Record<PixelLoss, (a: Photo, b: Photo) => number>> = {
  mse: computeMse,
  l1: (a, b) => meanOf([...a.data].map((value, i) => Math.abs(value - b.data[i]!))),
  charbonnier: (a, b) => meanOf([...a.data].map((value, i) => Math.hypot(value - b.data[i]!, 1e-3))),
};
const KINDS = ["mse", "l1", "charbonnier"] as const;

const meanOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** The loss of the notes in double precision, by the metrics of photos. */
function plainLoss(data: Float32Array, ssimWeight: number, kind: PixelLoss): number {
  const half = SIZE / BATCH;
  const photo = (from: Float32Array, index: number): Photo => ({
    width: WIDTH,
    height: HEIGHT,
    channels: 1,
    data: from.subarray(index * half, (index + 1) * half),
  });
  const mean = (measure: (a: Photo, b: Photo) => number): number =>
    (measure(photo(data, 0), photo(clean, 0)) + measure(photo(data, 1), photo(clean, 1))) / 2;
  return mean(PIXEL_LOSSES[kind]) + ssimWeight * Math.log10(1 / mean(computeSsim));
}

describe.each(await listKernels())("denoisingLoss on $name", ({ kernels }) => {
  /** The loss and its gradient, times `seed`. */
  function run(ssimWeight: number, kind?: PixelLoss, seed = 1): { value: number; gradient: Float32Array } {
    const [x, y] = [picture(predicted), picture(clean)];
    const tape = new Tape(kernels, true);
    const leaf = tape.leaf(x, true);
    const loss = denoisingLoss(tape, leaf, y, ssimWeight, kind);
    const [value = NaN] = loss.tensor.dataSync<"float32">();
    tape.backward(loss, tf.scalar(seed) satisfies Scalar);
    const gradient = tape.takeGradient(leaf)!;
    const numbers = Float32Array.from(gradient.dataSync());
    tf.dispose([x, y, gradient]);
    return { value, gradient: numbers };
  }

  const cases = KINDS.flatMap((kind) => [0, 0.5, 2].map((ssimWeight) => ({ kind, ssimWeight })));

  it.each(cases)("is $kind plus $ssimWeight times log10(1 / SSIM)", ({ kind, ssimWeight }) => {
    const expected = plainLoss(predicted, ssimWeight, kind);
    expect(relativeError([run(ssimWeight, kind).value], [expected])).toBeLessThan(1e-5);
  });

  it("takes the squared error where nothing else is asked for", () => {
    expect(run(0.5)).toEqual(run(0.5, "mse"));
  });

  it.each(cases)("sends the gradient of $kind with $ssimWeight times SSIM at every pixel", ({ kind, ssimWeight }) => {
    const { gradient } = run(ssimWeight, kind);
    const objective = (at: Float32Array): number => plainLoss(at, ssimWeight, kind);
    const pixels = Array.from({ length: 12 }, (_, i) => i * 23).map((from) => ({
      name: `${from}`,
      from,
      to: from + 1,
    }));
    // Steps stay on one side of the kink of L1, and see little of the bend of Charbonnier's.
    const claim = { at: predicted, gradient, objective, step: kind === "mse" ? 1e-3 : 1e-4 };
    const parts = [...pixels, ...(kind === "mse" ? [{ name: "all", from: 0, to: SIZE }] : [])];
    expect(findWrongSlopes(claim, parts, new Float32Array(SIZE).fill(1), 1e-3)).toEqual([]);
  });

  it("computes no SSIM at weight 0, which would cost more than the rest of the loss", async () => {
    const listOps = async (ssimWeight: number): Promise<readonly string[]> => {
      const { kernels: ran } = await tf.profile(() => {
        run(ssimWeight);
        return tf.scalar(0);
      });
      return ran.map(({ name }) => name);
    };
    const whole = await listOps(0.5);
    const pixelsOnly = await listOps(0);
    expect(whole).toContain(tf.Log);
    expect(pixelsOnly).not.toContain(tf.Log);
    expect(pixelsOnly.length).toBeLessThan(whole.length / 3);
  });

  it("scales its gradient by what it is asked for", () => {
    const whole = run(0.5).gradient;
    expect(
      relativeError(
        run(0.5, "mse", 0.5).gradient,
        whole.map((value) => value / 2),
      ),
    ).toBeLessThan(1e-6);
  });

  it("leaves no tensor behind", async () => {
    for (const kind of KINDS) {
      expect(await countLeaks(() => run(0.5, kind))).toBe(0);
      expect(await countLeaks(() => run(0, kind))).toBe(0);
    }
  });
});
