import { describe, expect, it } from "vitest";

import { pictureRefSchema } from "#shared/api/pictures.ts";
import { searchConfigSchema, trainConfigSchema } from "#shared/runs/config.ts";
import { type Bench, takeDefaults, takeSetup, toGain, toPicture, toSubject } from "#renderer/views/noise/bench.ts";

const BENCH: Bench = takeDefaults({ view: "photo", dataset: "mine", photo: "a.png" }, "train");

describe("the bench", () => {
  it("begins with the defaults of a training and the photo that was there", () => {
    expect(BENCH).toMatchObject({ dataset: "mine", photo: "a.png", noise: { kind: "gaussian", sigma255: 30 } });
    expect(BENCH.patch).toMatchObject({ set: "training", batchSize: 24, patchSize: 64, step: 0, index: 0 });
  });

  it("takes over what decides a search's batches, and leaves a photo that is in another data set", () => {
    const config = searchConfigSchema.parse({
      seed: 7,
      data: { dataset: "other", validationShare: 0.3, maxPhotos: 9 },
      noise: { kind: "gaussian", sigma255: { from: 5, to: 55 } },
      search: { batchSize: 3, patchSize: 40 },
    });
    expect(takeSetup(BENCH, { kind: "search", config })).toEqual({
      view: "photo",
      dataset: "other",
      photo: null,
      channels: 1,
      noise: config.noise,
      seed: 7,
      patch: {
        set: "weights",
        validationShare: 0.3,
        test: { kind: "none" },
        maxPhotos: 9,
        augmentation: config.augmentation,
        batchSize: 3,
        patchSize: 40,
        step: 0,
        index: 0,
      },
    });
  });

  it("takes over the patches of a training's first stage", () => {
    const stages = [
      { share: 0.75, batchSize: 32, patchSize: 48 },
      { share: 0.25, batchSize: 12, patchSize: 80 },
    ];
    const config = trainConfigSchema.parse({ training: { stages } });
    expect(takeSetup(BENCH, { kind: "train", config }).patch).toMatchObject({ batchSize: 32, patchSize: 48 });
  });

  it("shows photos and patches in colour for a training or search of a network that takes colour", () => {
    const training = trainConfigSchema.parse({ network: { imageChannels: 3 } });
    const search = searchConfigSchema.parse({ space: { imageChannels: 3 } });
    for (const setup of [{ kind: "train", config: training } as const, { kind: "search", config: search } as const]) {
      const bench = takeSetup({ ...BENCH, dataset: setup.config.data.dataset }, setup);
      expect(toSubject({ ...bench, view: "photo" })?.of.channels).toBe(3);
      expect(toSubject({ ...bench, view: "patch" })?.of.channels).toBe(3);
    }
  });

  it("asks for nothing while the noise is none, or no photo is known", () => {
    expect(toSubject({ ...BENCH, noise: { kind: "gaussian", sigma255: -1 } })).toBeNull();
    expect(toSubject({ ...BENCH, photo: null })).toBeNull();
    expect(toSubject({ ...BENCH, photo: null, view: "patch" })?.kind).toBe("patch");
  });

  it("names pictures as the contract has them", () => {
    for (const view of ["photo", "patch"] as const) {
      const subject = toSubject({ ...BENCH, view });
      const read = pictureRefSchema.safeParse(toPicture(subject!, "difference"));
      expect(read.error).toBeUndefined();
    }
  });
});

describe("the gain of the noise's picture", () => {
  it("lets 2.5 deviations of the strongest noise reach from grey to white", () => {
    // The lab draws 0.5 + gain * difference / 2 on the 0..1 scale.
    const reach = (noise: Bench["noise"], sigma255: number) => (toGain(noise) / 2) * ((2.5 * sigma255) / 255);
    expect(reach({ kind: "gaussian", sigma255: 30 }, 30)).toBeCloseTo(0.5, 12);
    expect(reach({ kind: "gaussian", sigma255: [30, 70, 50] }, 70)).toBeCloseTo(0.5, 12);
    expect(reach({ kind: "gaussian", sigma255: { from: 0, to: 55 } }, 55)).toBeCloseTo(0.5, 12);
    // At full signal: a variance of 0.04 + (51/255)^2 = 0.08.
    expect(reach({ kind: "poisson_gaussian", gain: 0.04, sigma255: 51 }, 255 * Math.sqrt(0.08))).toBeCloseTo(0.5, 12);
  });

  it("is bounded where there is no noise", () => {
    expect(toGain({ kind: "gaussian", sigma255: 0 })).toBe(512);
  });
});
