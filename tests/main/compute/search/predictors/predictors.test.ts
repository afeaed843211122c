import { describe, expect, it } from "vitest";

import { factor, logDeterminant, solve } from "#main/compute/search/predictors/cholesky.ts";
import { DenseNetwork } from "#main/compute/search/predictors/denseNetwork.ts";
import { fitEnsemble } from "#main/compute/search/predictors/ensemble.ts";
import { fitGaussianProcess } from "#main/compute/search/predictors/gaussianProcess.ts";
import type { Example } from "#main/compute/search/predictors/predictor.ts";
import { createRandom } from "#shared/random/createRandom.ts";
import { bayesianSchema } from "#shared/runs/strategySchema.ts";
import { kendallTau } from "#shared/statistics/kendallTau.ts";

import { COUNTS, createScores } from "#tests/main/compute/search/strategies/smallTable.ts";

describe("the Cholesky factor", () => {
  // Worked out by hand: [[4, 2], [2, 10]] = L L^T with L = [[2, 0], [1, 3]].
  const matrix = Float64Array.of(4, 2, 2, 10);

  it("is that worked out by hand, solves, and gives the determinant", () => {
    const factored = factor(matrix, 2)!;
    expect([...factored.lower]).toEqual([2, 0, 1, 3]);
    expect([...solve(factored, [8, 22])]).toEqual([1, 2]);
    expect(logDeterminant(factored)).toBeCloseTo(Math.log(36), 12);
  });

  it("is none where the matrix is not positive definite", () => {
    expect(factor(Float64Array.of(1, 2, 2, 1), 2)).toBeNull();
  });
});

/** Architectures of the synthetic table with their scores. */
function drawExamples(count: number, seed: number): Example[] {
  const random = createRandom(seed, "examples");
  const scores = createScores(0);
  return Array.from({ length: count }, () => {
    const choices = COUNTS.map((options) => random.integer(options));
    return { features: choices.map((option, index) => `${index}:${option}`), score: scores(choices) };
  });
}

describe.each([
  [
    "an ensemble",
    (examples: readonly Example[]) =>
      fitEnsemble(examples, bayesianSchema.parse({ kind: "bayesian", layers: 2, epochs: 60 }), createRandom(0)),
  ],
  ["a Gaussian process", fitGaussianProcess],
] as const)("%s", (_, fit) => {
  it("orders architectures that it has not seen, and is less sure of them than of those that it has", () => {
    const seen = drawExamples(100, 0);
    const unseen = drawExamples(60, 1);
    const predict = fit(seen);
    const foretold = unseen.map(({ features }) => predict(features));
    const truth = unseen.map(({ score }) => score);
    expect(
      kendallTau(
        foretold.map(({ mean }) => mean),
        truth,
      ),
    ).toBeGreaterThan(0.4);
    const meanDeviation = (examples: readonly Example[]): number =>
      examples.reduce((sum, { features }) => sum + predict(features).deviation, 0) / examples.length;
    expect(meanDeviation(unseen)).toBeGreaterThan(meanDeviation(seen));
  });

  it("foretells what all have in common where all scores are the same", () => {
    const predict = fit(drawExamples(10, 2).map(({ features }) => ({ features, score: 3 })));
    expect(predict(["0:1"]).mean).toBeCloseTo(3, 0);
  });
});

describe("a Gaussian process", () => {
  it("equals the formula worked out for two architectures", () => {
    // Distance 2, mean distance 2; standardised scores -1 and 1; covariance k = exp(-1 / length).
    const predict = fitGaussianProcess([
      { features: ["a"], score: 10 },
      { features: ["b"], score: 14 },
    ]);
    const middle = predict(["a", "b"]);
    expect(middle.mean).toBeCloseTo(12, 10);
    expect(middle.deviation).toBeGreaterThan(0);
    expect(predict(["b"]).mean).toBeGreaterThan(13.5);
    expect(predict(["b"]).mean).toBeLessThanOrEqual(14);
  });
});

describe("a dense network", () => {
  it("learns a function of its columns that is no sum", () => {
    const settings = { columns: 2, layers: 2, width: 8, learningRate: 0.01, epochs: 600 };
    const network = new DenseNetwork(settings, createRandom(1));
    const examples = [[], [0], [1], [0, 1]].map((ones) => ({ ones, target: ones.length === 1 ? 1 : 0 }));
    network.train(examples, createRandom(2));
    for (const { ones, target } of examples) expect(Math.abs(network.predict(ones) - target)).toBeLessThan(0.15);
  });
});
