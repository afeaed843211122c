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

describe("warm-up and cosine together", () => {
  const training = settings({
    steps: 1000,
    warmupSteps: 100,
    optimiser: { kind: "adamw", learningRate: 6e-4 },
    schedule: { kind: "cosine", minLearningRate: 1e-6 },
  });
  const cosineAt = (step: number): number => 1e-6 + ((6e-4 - 1e-6) * (1 + Math.cos((Math.PI * step) / 1000))) / 2;

  it("rise to the cosine in a line, meet it at the end of the warm-up and follow it to near zero", () => {
    for (const step of [0, 49, 98]) {
      expect(trainLearningRate(training, step)).toBeCloseTo((cosineAt(step) * (step + 1)) / 100, 12);
    }
    for (const step of [99, 500, 999]) expect(trainLearningRate(training, step)).toBeCloseTo(cosineAt(step), 12);
    expect(trainLearningRate(training, 999)).toBeLessThan(1.01e-6);
    expect(trainLearningRate(training, 999)).toBeGreaterThan(1e-6);
  });

  it("rise over the warm-up and fall after it, never above the highest rate", () => {
    const rates = Array.from({ length: 1000 }, (_, step) => trainLearningRate(training, step));
    const highest = rates.indexOf(Math.max(...rates));
    expect(highest).toBe(99);
    expect(rates[highest]).toBeLessThan(6e-4);
    expect(rates.slice(0, 100)).toEqual(rates.slice(0, 100).toSorted((a, b) => a - b));
    expect(rates.slice(99)).toEqual(rates.slice(99).toSorted((a, b) => b - a));
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
