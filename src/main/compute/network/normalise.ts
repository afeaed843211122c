import type { Tensor, Tensor1D } from "@tensorflow/tfjs-core";

import type { NormSpec } from "#shared/space/graph/graphParameters.ts";

import { batchNorm } from "#main/compute/layers/batchNorm.ts";
import { parameterOf } from "#main/compute/layers/parameters.ts";
import type { Tape, Value } from "#main/compute/layers/tape.ts";

import type { StatisticsCollector } from "./statistics.ts";

/** Applies the batch norm called `name`, and the leaky ReLU after it if asked. */
export type Normalise = (x: Value, name: string, activate: boolean) => Value;

/** Normalises with the statistics of the batch and gathers them: for training. */
export function trainingNormalise(
  tape: Tape,
  norms: readonly NormSpec[],
  parameters: ReadonlyMap<string, Value<Tensor>>,
  statistics: StatisticsCollector,
): Normalise {
  const affineNames = new Set(norms.filter(({ isAffine }) => isAffine).map(({ name }) => name));
  return (x, name, activate) =>
    batchNorm(tape, x, {
      activate,
      affine: affineNames.has(name)
        ? {
            gamma: parameterOf<Tensor1D>(parameters, `${name}.gamma`),
            beta: parameterOf<Tensor1D>(parameters, `${name}.beta`),
          }
        : null,
      onStatistics: (mean, variance) => statistics.add(name, mean, variance),
    });
}
