import { createRandom } from "#shared/random/createRandom.ts";
import type { Random } from "#shared/random/random.ts";
import type { BayesianSettings } from "#shared/runs/strategySchema.ts";

import { DenseNetwork } from "./denseNetwork.ts";
import { type Example, nameColumns, type Predict, standardise } from "./predictor.ts";

/** The seed of a network is drawn from so many. */
const SEEDS = 2 ** 31;

/**
 * Trains an ensemble of small networks, each from another random start, on standardised scores; they foretell by their mean and
 * by how much they disagree.
 */
export function fitEnsemble(examples: readonly Example[], settings: BayesianSettings, random: Random): Predict {
  const columns = nameColumns(examples);
  const onesOf = (features: readonly string[]): number[] => features.flatMap((feature) => columns.get(feature) ?? []);
  const scores = standardise(examples.map(({ score }) => score));
  const dense = examples.map(({ features }, index) => ({
    ones: onesOf(features),
    target: scores.values[index] ?? NaN,
  }));
  const networks = Array.from({ length: settings.networks }, (_, index) => {
    const own = createRandom(random.integer(SEEDS), "network", index);
    const network = new DenseNetwork({ ...settings, columns: columns.size }, own);
    network.train(dense, own);
    return network;
  });
  return (features) => {
    const ones = onesOf(features);
    const values = networks.map((network) => network.predict(ones));
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
    return scores.back(mean, Math.sqrt(variance));
  };
}
