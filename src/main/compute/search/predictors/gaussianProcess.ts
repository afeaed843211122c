import { at } from "#shared/at.ts";

import { factor, type Factor, logDeterminant, solve, solveLower } from "./cholesky.ts";
import { type Example, type Predict, standardise } from "./predictor.ts";

/** What a kernel is chosen from: lengths in multiples of the mean distance, and shares of noise in the variance. */
const LENGTHS = [0.25, 0.5, 1, 2, 4];
const NOISES = [1e-3, 1e-2, 1e-1];

interface Fit {
  readonly length: number;
  readonly factored: Factor;
  readonly weights: Float64Array;
  readonly evidence: number;
}

/**
 * Fits a Gaussian process to standardised scores: covariance exp(-distance / length), where the distance of two architectures
 * counts what one has and the other lacks. Length and noise are those of a small grid with the highest marginal likelihood.
 */
export function fitGaussianProcess(examples: readonly Example[]): Predict {
  const sets = examples.map(({ features }) => new Set(features));
  const scores = standardise(examples.map(({ score }) => score));
  const size = examples.length;
  const distances = new Float64Array(size * size);
  let sum = 0;
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < row; column++) {
      const distance = distanceOf(at(sets, row, "sets"), at(sets, column, "sets"));
      distances[row * size + column] = distance;
      distances[column * size + row] = distance;
      sum += distance;
    }
  }
  const meanDistance = sum / Math.max(1, (size * (size - 1)) / 2) || 1;
  const fits = LENGTHS.flatMap((length) =>
    NOISES.flatMap((noise) => fitKernel(distances, scores.values, length * meanDistance, noise) ?? []),
  );
  const best = fits.reduce<Fit | null>((a, b) => (a === null || b.evidence > a.evidence ? b : a), null);
  if (best === null) throw new Error("Gaussian process: no covariance of the grid is positive definite");
  return (features) => {
    const own = new Set(features);
    const covariance = sets.map((set) => Math.exp(-distanceOf(set, own) / best.length));
    const mean = covariance.reduce((total, value, index) => total + value * at(best.weights, index, "weights"), 0);
    const explained = solveLower(best.factored, covariance).reduce((total, value) => total + value ** 2, 0);
    return scores.back(mean, Math.sqrt(Math.max(0, 1 - explained)));
  };
}

function fitKernel(distances: Float64Array, scores: readonly number[], length: number, noise: number): Fit | null {
  const size = scores.length;
  const covariance = distances.map(
    (distance, index) => Math.exp(-distance / length) + (index % (size + 1) === 0 ? noise : 0),
  );
  const factored = factor(covariance, size);
  if (factored === null) return null;
  const weights = solve(factored, scores);
  const fitted = scores.reduce((total, score, index) => total + score * at(weights, index, "weights"), 0);
  return { length, factored, weights, evidence: -0.5 * (fitted + logDeterminant(factored)) };
}

/** Counts what one has and the other lacks. */
function distanceOf(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  let shared = 0;
  for (const feature of a) if (b.has(feature)) shared += 1;
  return a.size + b.size - 2 * shared;
}
