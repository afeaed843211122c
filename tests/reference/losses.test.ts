import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import { z } from "zod";

import { startEngine } from "#main/compute/engine/engine.ts";
import { Tape } from "#main/compute/layers/tape.ts";
import { denoisingLoss } from "#main/compute/learning/denoisingLoss.ts";
import type { Photo } from "#shared/image/photo.ts";
import { computeMse, computePsnr } from "#shared/image/psnr.ts";
import { computeSsim } from "#shared/image/ssim.ts";

import { loadReference, relativeError } from "#tests/helpers/referenceFixtures.ts";
import { referenceTensor } from "#tests/helpers/tensors.ts";

const TOLERANCE = 1e-4;

const rowsSchema = z.array(
  z.object({
    pair: z.int(),
    mse: z.number(),
    log_ssim_loss: z.number(),
    ssim: z.number(),
    psnr_db: z.number(),
    combined: z.number(),
  }),
);
const file = loadReference("losses.safetensors");
const pairs = rowsSchema.parse(file.metadata["rows"]);

async function lossOf(pair: number, ssimWeight: number): Promise<{ value: number; gradient: Float32Array }> {
  const { kernels } = await startEngine();
  const [x, y] = ["x", "y"].map((name) => referenceTensor(file, `pair_${pair}.${name}`));
  const tape = new Tape(kernels, true);
  const predicted = tape.leaf(x as tf.Tensor4D, true);
  const loss = denoisingLoss(tape, predicted, y as tf.Tensor4D, ssimWeight);
  const value = loss.tensor.dataSync()[0] ?? NaN;
  tape.backward(loss, tf.scalar(1));
  return { value, gradient: Float32Array.from(tape.takeGradient(predicted)?.dataSync() ?? []) };
}

/** The pictures of a pair as photos, one per member of the batch. */
function photosOf(pair: number, name: string): Photo[] {
  const { shape, data } = file.tensors.get(`pair_${pair}.${name}`) as {
    shape: number[];
    data: Float32Array;
  };
  const [count = 0, height = 0, width = 0] = shape;
  const size = height * width;
  return Array.from({ length: count }, (_, index) => ({
    width,
    height,
    channels: 1,
    data: data.subarray(index * size, (index + 1) * size),
  }));
}

function meanOver(pair: number, measure: (x: Photo, y: Photo) => number): number {
  const clean = photosOf(pair, "y");
  const values = photosOf(pair, "x").map((x, index) => measure(x, clean[index] as Photo));
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Within the tolerance relative to the expected number. */
function expectClose(actual: number, expected: number): void {
  expect(Math.abs(actual - expected) / Math.abs(expected)).toBeLessThan(TOLERANCE);
}

describe("losses of the authors' code", () => {
  it.each(pairs)(
    "gives the loss of pair $pair and each of its terms",
    async ({ pair, mse, log_ssim_loss, combined }) => {
      expectClose((await lossOf(pair, 0)).value, mse);
      const weight = (combined - mse) / log_ssim_loss;
      expectClose((await lossOf(pair, weight)).value, combined);
      expectClose((await lossOf(pair, 1000)).value, mse + 1000 * log_ssim_loss);
    },
  );

  it.each(pairs)("gives the gradient of the loss of pair $pair", async ({ pair, mse, log_ssim_loss, combined }) => {
    const { gradient } = await lossOf(pair, (combined - mse) / log_ssim_loss);
    const expected = file.tensors.get(`pair_${pair}.grad_x`)?.data ?? [];
    expect(relativeError(gradient, expected)).toBeLessThan(TOLERANCE);
  });

  it.each(pairs)("measures mean squared error, PSNR and SSIM of pair $pair", ({ pair, mse, ssim, psnr_db }) => {
    expectClose(meanOver(pair, computeMse), mse);
    expectClose(meanOver(pair, computeSsim), ssim);
    // Over the whole batch as one picture: the fixture's PSNR is of all its pixels together.
    const [x, y] = ["x", "y"].map((name): Photo => {
      const parts = photosOf(pair, name);
      const data = Float32Array.from(parts.flatMap((part) => [...part.data]));
      return { width: data.length, height: 1, channels: 1, data };
    }) as [Photo, Photo];
    expectClose(computePsnr(x, y), psnr_db);
  });
});
