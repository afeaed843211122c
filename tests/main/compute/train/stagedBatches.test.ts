import { describe, expect, it } from "vitest";

import { createStagedBatches } from "#main/compute/train/stagedBatches.ts";
import { augmentationSchema } from "#shared/image/augmentation.ts";
import { createBatchSource, drawItem, findPhotoOfItem } from "#shared/image/batches.ts";
import { trainConfigSchema } from "#shared/runs/config.ts";
import { listStages } from "#shared/runs/trainingStages.ts";

import { makeRandomPhoto } from "#tests/helpers/makePhoto.ts";

const photos = Array.from({ length: 5 }, (_, i) => ({ name: `photo ${i}`, clean: makeRandomPhoto(30, 24, 1, i) }));
const options = {
  photos,
  augmentation: augmentationSchema.parse({}),
  noise: { kind: "gaussian", sigma255: 30 },
  seed: 11,
  stream: "training",
} as const;

const stagesOf = (training: object) =>
  listStages(trainConfigSchema.parse({ training: { steps: 8, ...training } }).training);
const STAGES = [
  { share: 0.5, batchSize: 3, patchSize: 12 },
  { share: 0.5, batchSize: 2, patchSize: 16 },
];

describe("the batches of a training in stages", () => {
  it("are those of a training without stages where there is one", () => {
    const batches = createStagedBatches(options, stagesOf({ batchSize: 2, patchSize: 12 }));
    const source = createBatchSource({ ...options, batchSize: 2, patchSize: 12 });
    for (const step of [0, 3, 7]) {
      expect(batches.batch(step)).toEqual(source.batch(step));
      expect(batches.epochAt(step)).toBe(step / source.stepsPerEpoch);
    }
  });

  it("take up the photos where the stage before left them, in patches of their own size", () => {
    const batches = createStagedBatches(options, stagesOf({ stages: STAGES }));
    expect(batches.batch(3).clean.data.length).toBe(3 * 12 * 12);
    const { clean, noisy } = batches.batch(5);
    for (const [index, item] of [14, 15].entries()) {
      const photo = photos[findPhotoOfItem(item, photos.length, options)]!;
      const drawn = drawItem(photo, item, { ...options, patchSize: 16 });
      expect(clean.data.subarray(index * 256, (index + 1) * 256)).toEqual(drawn.clean.data);
      expect(noisy.data.subarray(index * 256, (index + 1) * 256)).toEqual(drawn.noisy.data);
    }
  });

  it("depend on the step alone, whatever was asked for before", () => {
    const batches = createStagedBatches(options, stagesOf({ stages: STAGES }));
    for (let step = 7; step >= 0; step -= 1) batches.batch(step);
    const fresh = createStagedBatches(options, stagesOf({ stages: STAGES }));
    for (const step of [4, 3]) expect(batches.batch(step)).toEqual(fresh.batch(step));
  });

  it("count passes over the photos by the batches of each stage", () => {
    const { epochAt } = createStagedBatches(options, stagesOf({ stages: STAGES }));
    // Five photos are two batches of three, and three of two.
    expect([0, 2, 4, 7].map(epochAt)).toEqual([0, 1, 2, 3]);
  });

  it("refuse photos that only a later stage finds too small, from the start", () => {
    const stages = [STAGES[0]!, { share: 0.5, batchSize: 2, patchSize: 28 }];
    expect(() => createStagedBatches(options, stagesOf({ stages }))).toThrow(
      "must be at least the patch size 28x28, got 30x24",
    );
  });
});
