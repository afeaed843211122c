import type { Tensor, Tensor1D } from "@tensorflow/tfjs-core";

import { batchNorm } from "#main/compute/layers/batchNorm.ts";
import { addBias } from "#main/compute/layers/combine.ts";
import { leakyRelu } from "#main/compute/layers/leakyRelu.ts";
import { parameterOf } from "#main/compute/layers/parameters.ts";
import type { ForwardTape, Tape, Value } from "#main/compute/layers/tape.ts";

import type { StatisticsCollector } from "./statistics.ts";
import type { NormSpec } from "./structure.ts";

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

/**
 * For parameters from `foldNorms`: the norm's scale is in its filter already, its shift is a bias. What comes in is freed, as
 * nothing else reads a filter's output.
 */
export function foldedNormalise(tape: ForwardTape, parameters: ReadonlyMap<string, Value<Tensor>>): Normalise {
  return (x, name, activate) => {
    const shifted = addBias(tape, x, parameterOf<Tensor1D>(parameters, `${name}.bias`));
    tape.release([x]);
    if (!activate) {
      return shifted;
    }
    const activated = leakyRelu(tape, shifted);
    tape.release([shifted]);
    return activated;
  };
}
