import { describe, expect, it } from "vitest";

import { searchLearningRate, trainLearningRate } from "#main/compute/learning/schedules.ts";
import { searchConfigSchema, trainConfigSchema } from "#shared/runs/config.ts";

const settings = (changes: object) => trainConfigSchema.parse({ training: { steps: 100, ...changes } }).training;

describe("trainLearningRate", () => {
  it("falls by the published polynomial: 0.05 * (1 - step / steps) ^ 0.9", () => {
    const training = settings({});
    expect(trainLearningRate(training, 0)).toBe(0.05);
    expect(trainLearningRate(training, 50)).toBeCloseTo(0.02679433656, 10);
    expect(trainLearningRate(training, 99)).toBeCloseTo(0.00079244659, 10);
  });

  it("falls by half a cosine to its minimum", () => {
    const training = settings({
      optimiser: { kind: "adam", learningRate: 0.001 },
      schedule: { kind: "cosine", minLearningRate: 0.0002 },
    });
    expect(trainLearningRate(training, 0)).toBeCloseTo(0.001, 12);
    expect(trainLearningRate(training, 50)).toBeCloseTo(0.0006, 12);
    expect(trainLearningRate(training, 25)).toBeCloseTo(0.0002 + 0.0008 * 0.8535533905932737, 12);
    expect(trainLearningRate(training, 100)).toBeCloseTo(0.0002, 12);
  });

  it("rises in a line over the warm-up, whose last step is the first at full rate", () => {
    const constant = settings({ warmupSteps: 4, schedule: { kind: "poly", power: 0 } });
    const rates = [0, 1, 2, 3, 4, 99].map((step) => trainLearningRate(constant, step));
    expect(rates).toEqual([0.0125, 0.025, 0.037500000000000006, 0.05, 0.05, 0.05]);
  });
});

describe("searchLearningRate", () => {
  it.each([
    [0, 0.025],
    [5, 0.012458624579],
    [10, 0.001],
    [20, 0.020633251505],
    [99, 0.001371065943],
  ])("is in epoch %d of the published hundred %d: a cosine under a polynomial", (epoch, rate) => {
    expect(searchLearningRate(searchConfigSchema.parse({}).search, epoch)).toBeCloseTo(rate, 11);
  });

  it("follows its settings", () => {
    const { search } = searchConfigSchema.parse({
      search: {
        epochs: 8,
        weights: { learningRate: 1, minLearningRate: 0, cosineHalfPeriodEpochs: 4, polyPower: 1 },
      },
    });
    const rates = [0, 2, 4, 8].map((epoch) => searchLearningRate(search, epoch));
    [1, 0.5 * 0.75, 0, 0].forEach((rate, index) => expect(rates[index]).toBeCloseTo(rate, 12));
  });
});
