import type { Tensor, Tensor1D } from "@tensorflow/tfjs-core";

import type { NormSpec } from "#shared/space/graph/graphParameters.ts";

import { type Affine, batchNorm, frozenNorm } from "#main/compute/layers/batchNorm.ts";
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
  const affineOf = affineFinder(norms, parameters);
  return (x, name, activate) =>
    batchNorm(tape, x, {
      activate,
      affine: affineOf(name),
      onStatistics: (mean, variance) => statistics.add(name, mean, variance),
    });
}

/** Normalises with the running statistics, which stay as they are: for the end of a training. */
export function frozenNormalise(
  tape: Tape,
  norms: readonly NormSpec[],
  parameters: ReadonlyMap<string, Value<Tensor>>,
  running: ReadonlyMap<string, Value<Tensor>>,
): Normalise {
  const affineOf = affineFinder(norms, parameters);
  return (x, name, activate) => {
    const { tensor: mean } = parameterOf<Tensor1D>(running, `${name}.mean`);
    const { tensor: variance } = parameterOf<Tensor1D>(running, `${name}.variance`);
    return frozenNorm(tape, x, { mean, variance }, { activate, affine: affineOf(name) });
  };
}

/** Finds the scale and shift of a norm by its name; null for a norm without. */
function affineFinder(
  norms: readonly NormSpec[],
  parameters: ReadonlyMap<string, Value<Tensor>>,
): (name: string) => Affine | null {
  const affineNames = new Set(norms.filter(({ isAffine }) => isAffine).map(({ name }) => name));
  return (name) =>
    affineNames.has(name)
      ? {
          gamma: parameterOf<Tensor1D>(parameters, `${name}.gamma`),
          beta: parameterOf<Tensor1D>(parameters, `${name}.beta`),
        }
      : null;
}
