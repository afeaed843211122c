import { describe, expect, it } from "vitest";

import { type BatchSourceOptions, createBatchSource, drawItem, findPhotoOfItem } from "#shared/image/batches.ts";
import type { NamedPhoto } from "#shared/image/photo.ts";
import { augmentationSchema } from "#shared/image/augmentation.ts";
import { makeGreyPhoto, makeRandomPhoto } from "#tests/helpers/makePhoto.ts";

const photos: NamedPhoto[] = Array.from({ length: 5 }, (_, i) => ({
  name: `photo ${i}`,
  clean: makeGreyPhoto(30, 24, () => i / 10),
}));

const options: BatchSourceOptions = {
  photos,
  batchSize: 2,
  patchSize: 12,
  augmentation: augmentationSchema.parse({}),
  noise: { kind: "gaussian", sigma255: [30, 50, 70] },
  seed: 11,
  stream: "weights",
};

/** Which photo each item of a batch was cut from, told by its flat value. */
function photosOf(clean: Float32Array): number[] {
  return Array.from({ length: clean.length / 144 }, (_, i) => Math.round(10 * (clean[i * 144] ?? 0)));
}

describe("createBatchSource", () => {
  it("counts the steps of an epoch, a started step as a whole one", () => {
    expect(createBatchSource(options).stepsPerEpoch).toBe(3);
    expect(createBatchSource({ ...options, batchSize: 5 }).stepsPerEpoch).toBe(1);
  });

  it("makes the same batch for the same seed, stream and step, whatever was asked for before", () => {
    const source = createBatchSource(options);
    for (let step = 0; step < 9; step++) source.batch(step);
    expect(source.batch(4)).toEqual(createBatchSource(options).batch(4));
  });

  it("goes on in the stream from the item that it is told", () => {
    const late = createBatchSource({ ...options, start: { step: 10, item: 8 } });
    for (const step of [4, 5]) expect(late.batch(step + 6)).toEqual(createBatchSource(options).batch(step));
  });

  it.each([{ seed: 12 }, { stream: "architecture" }])("makes other batches for %j", (change) => {
    const changed = createBatchSource({ ...options, ...change });
    expect(changed.batch(4).noisy).not.toEqual(createBatchSource(options).batch(4).noisy);
  });

  it("shows every photo once per round, in a new order each round", () => {
    const source = createBatchSource(options);
    const seen = Array.from({ length: 50 }, (_, step) => photosOf(source.batch(step).clean.data)).flat();
    const rounds = Array.from({ length: 20 }, (_, round) => seen.slice(5 * round, 5 * round + 5));
    for (const round of rounds) expect([...round].sort()).toEqual([0, 1, 2, 3, 4]);
    expect(new Set(rounds.map((round) => round.join())).size).toBeGreaterThan(10);
  });

  it("adds fresh noise of one drawn sigma to each patch", () => {
    const source = createBatchSource({ ...options, batchSize: 40, patchSize: 20 });
    const { noisy, clean } = source.batch(0);
    expect([noisy.channels, clean.channels]).toEqual([1, 1]);
    const sigmas = Array.from({ length: 40 }, (_, item) => {
      const noise = noisy.data
        .subarray(item * 400, item * 400 + 400)
        .map((value, i) => value - (clean.data[item * 400 + i] ?? 0));
      return 255 * Math.sqrt(noise.reduce((sum, value) => sum + value * value, 0) / 400);
    });
    const nearest = sigmas.map((sigma) => [30, 50, 70].find((member) => Math.abs(sigma / member - 1) < 0.15));
    expect(new Set(nearest)).toEqual(new Set([30, 50, 70]));
  });

  it("takes the noisy photos of pairs", () => {
    const pairs = photos.map((photo) => ({ ...photo, noisy: makeGreyPhoto(30, 24, () => 0.9) }));
    const { noisy } = createBatchSource({ ...options, photos: pairs, noise: { kind: "paired" } }).batch(0);
    expect(noisy.data.every((value) => Math.abs(value - 0.9) < 1e-6)).toBe(true);
  });

  it("gives colour batches for colour photos", () => {
    const colour = [{ name: "a", clean: makeRandomPhoto(20, 20, 3) }];
    const source = createBatchSource({ ...options, photos: colour });
    expect(source.channels).toBe(3);
    expect(source.batch(0).clean).toMatchObject({ channels: 3, data: { length: 2 * 12 * 12 * 3 } });
  });

  it("carries a map of each patch's noise where it is asked to, and the same patches as without", () => {
    const plain = createBatchSource(options).batch(3);
    const { noiseMap, ...rest } = createBatchSource({ ...options, noiseMap: true }).batch(3);
    expect(rest).toEqual(plain);
    expect(plain).not.toHaveProperty("noiseMap");
    expect(noiseMap).toMatchObject({ channels: 1, data: { length: 2 * 144 } });
    const items = [6, 7].map((item) => {
      const photo = photos[findPhotoOfItem(item, photos.length, options)]!;
      const { noise } = drawItem(photo, item, options);
      return noise.kind === "gaussian" ? noise.sigma255 : 0;
    });
    const drawn = [...(noiseMap?.data ?? [])].map((value) => 255 * value);
    for (const [i, value] of drawn.entries()) expect(value).toBeCloseTo(items[Math.floor(i / 144)]!, 4);
  });

  it.each([
    ["no photos", [], "at least one photo"],
    [
      "a photo smaller than the patch",
      [...photos, { name: "dot", clean: makeRandomPhoto(1, 1) }],
      '"dot" must be at least',
    ],
    [
      "grey and colour mixed",
      [...photos, { name: "rgb", clean: makeRandomPhoto(20, 20, 3) }],
      '"rgb" must have 1 channel',
    ],
  ] as const)("refuses %s as soon as it is created", (_, given, message) => {
    const attempt = () => createBatchSource({ ...options, photos: given });
    expect(attempt).toThrow(expect.objectContaining({ kind: "bad_data", message: expect.stringContaining(message) }));
  });
});
