import type { SearchConfig } from "#shared/runs/config.ts";

/**
 * Returns the learning rate of the weight variables in an epoch (from 0): a cosine of a given half period under a
 * polynomial envelope, which therefore oscillates (science notes 1.7).
 */
export function searchLearningRate(search: SearchConfig["search"], epoch: number): number {
  const { learningRate, minLearningRate, cosineHalfPeriodEpochs, polyPower } = search.weights;
  const cosine = (1 + Math.cos((Math.PI * epoch) / cosineHalfPeriodEpochs)) / 2;
  const envelope = (1 - epoch / search.epochs) ** polyPower;
  return minLearningRate + (learningRate - minLearningRate) * cosine * envelope;
}
