import { assertNever } from "#shared/assertNever.ts";
import type { SearchConfig, TrainConfig } from "#shared/runs/config.ts";

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

/**
 * Returns the learning rate of a training step (from 0): poly, rate * (1 - step / steps)^power, or a half cosine down to the
 * minimum, both under a linear warm-up.
 */
export function trainLearningRate(training: TrainConfig["training"], step: number): number {
  const { optimiser, schedule, steps, warmupSteps } = training;
  const peak = optimiser.learningRate;
  const warm = warmupSteps === 0 ? 1 : Math.min(1, (step + 1) / warmupSteps);
  const done = step / steps;
  switch (schedule.kind) {
    case "poly":
      return warm * peak * (1 - done) ** schedule.power;
    case "cosine":
      return (
        warm * (schedule.minLearningRate + ((peak - schedule.minLearningRate) * (1 + Math.cos(Math.PI * done))) / 2)
      );
    default:
      return assertNever(schedule);
  }
}
