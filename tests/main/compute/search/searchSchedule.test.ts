import { describe, expect, it } from "vitest";

import { searchLearningRate } from "#main/compute/search/searchSchedule.ts";
import { searchConfigSchema } from "#shared/runs/config.ts";

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
