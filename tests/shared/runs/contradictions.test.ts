import { describe, expect, it } from "vitest";

import { searchConfigSchema, trainConfigSchema } from "#shared/runs/config.ts";
import { findContradictions } from "#shared/runs/contradictions.ts";
import { SETTINGS_KINDS, SETTINGS_SCHEMAS } from "#shared/runs/settings.ts";

const inSearch = (settings: object) => findContradictions(searchConfigSchema.parse(settings)).map(({ what }) => what);
const inTraining = (settings: object) => findContradictions(trainConfigSchema.parse(settings)).map(({ what }) => what);

describe("findContradictions", () => {
  it.each(SETTINGS_KINDS)("finds none in the defaults of %s", (kind) => {
    expect(findContradictions(SETTINGS_SCHEMAS[kind].parse({}))).toEqual([]);
  });

  it("refuses a warm-up that leaves no epoch for the architecture", () => {
    expect(inSearch({ search: { epochs: 20 } })).toEqual([
      "search.warmupEpochs must be less than search.epochs (20), got 20",
    ]);
    expect(inSearch({ search: { epochs: 21 } })).toEqual([]);
  });

  it("refuses ranges that end before they start", () => {
    expect(inSearch({ noise: { kind: "gaussian", sigma255: { from: 50, to: 10 } } })).toEqual([
      "noise.sigma255.from must be at most noise.sigma255.to (10), got 50",
    ]);
    expect(inTraining({ augmentation: { rescaleFrom: 1.5 } })).toEqual([
      "augmentation.rescaleFrom must be at most augmentation.rescaleTo (1.2), got 1.5",
    ]);
    expect(inSearch({ search: { validateFromEpoch: 101 } })).toEqual([
      "search.validateFromEpoch must be at most search.epochs (100), got 101",
    ]);
  });

  it("refuses an unrolled step of another optimiser than SGD", () => {
    expect(inSearch({ search: { order: "second", weights: { optimiser: "adam" } } })).toEqual([
      "search.order second needs search.weights.optimiser sgd, got adam",
    ]);
    expect(inSearch({ search: { order: "second" } })).toEqual([]);
  });

  it("refuses patches that half resolution would cut through", () => {
    expect(inSearch({ space: { unshuffle: 2 }, search: { patchSize: 33 } })).toEqual([
      "search.patchSize must be a multiple of space.unshuffle (2), got 33",
    ]);
    expect(inTraining({ network: { unshuffle: 2 }, training: { patchSize: 33 } })).toEqual([
      "training.patchSize must be a multiple of network.unshuffle (2), got 33",
    ]);
    expect(inTraining({ network: { unshuffle: 2 } })).toEqual([]);
    const stages = [33, 48, 21].map((patchSize) => ({ share: 1 / 3, batchSize: 2, patchSize }));
    expect(inTraining({ network: { unshuffle: 2 }, training: { patchSize: 33, stages } })).toEqual([
      "training.stages[0].patchSize must be a multiple of network.unshuffle (2), got 33",
      "training.stages[2].patchSize must be a multiple of network.unshuffle (2), got 21",
    ]);
  });

  it("refuses patches that a U would cut through", () => {
    const space = { kind: "scales", layers: 5, unshuffle: 2 };
    expect(inSearch({ space, search: { patchSize: 44 } })).toEqual([
      "search.patchSize must be a multiple of 8 for a U of 5 layers, got 44",
    ]);
    expect(inSearch({ space, search: { patchSize: 33 } })).toHaveLength(1);
    expect(inSearch({ space, search: { patchSize: 48 } })).toEqual([]);
  });

  it("refuses a noise map of cameras, and takes one of noise that one sigma per pixel describes", () => {
    expect(inTraining({ network: { noiseMap: true }, noise: { kind: "paired" } })).toEqual([
      "network.noiseMap needs noise whose strength is known, got noise.kind paired: nobody knows that of camera pairs",
    ]);
    expect(inTraining({ network: { noiseMap: true }, noise: { kind: "camera" } })).toEqual([
      "network.noiseMap needs noise whose strength is known, got noise.kind camera: one sigma per pixel does not say what it is like",
    ]);
    expect(inSearch({ space: { noiseMap: true } })).toEqual([]);
  });

  it("refuses a learning rate that falls below its own least", () => {
    expect(inSearch({ search: { weights: { minLearningRate: 0.5 } } })).toEqual([
      "search.weights.minLearningRate must be at most search.weights.learningRate (0.025), got 0.5",
    ]);
    expect(inTraining({ training: { schedule: { kind: "cosine", minLearningRate: 1 } } })).toEqual([
      "training.schedule.minLearningRate must be at most training.optimiser.learningRate (0.05), got 1",
    ]);
  });
});
