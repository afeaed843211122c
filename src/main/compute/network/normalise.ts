import * as tf from "@tensorflow/tfjs-core";
import type { Tensor, Tensor1D } from "@tensorflow/tfjs-core";

import { BATCH_NORM_EPSILON } from "#main/compute/engine/kernels/kernels.ts";
import { batchNorm } from "#main/compute/layers/batchNorm.ts";
import { addBias } from "#main/compute/layers/combine.ts";
import { leakyRelu } from "#main/compute/layers/leakyRelu.ts";
import { parameterOf, sizeOfShape } from "#main/compute/layers/parameters.ts";
import type { ParameterSpec } from "#main/compute/layers/parameters.ts";
import type { Tape, Value } from "#main/compute/layers/tape.ts";

import { networkNorms, networkParameters } from "./structure.ts";
import type { NetworkPlan, NormSpec } from "./structure.ts";

/** Applies the batch norm called `name`, and the leaky ReLU after it if asked. */
export type Normalise = (x: Value, name: string, activate: boolean) => Value;

/** Batch statistics gathered during one training pass, in the order of `networkNorms`. */
export class StatisticsCollector {
  readonly #byNorm = new Map<string, readonly [Tensor1D, Tensor1D]>();

  add(name: string, mean: Tensor1D, variance: Tensor1D): void {
    this.#byNorm.set(name, [mean, variance]);
  }

  /**
   * Joins what was gathered into one vector: mean and variance of each norm in turn, `fallback`'s numbers where a norm
   * did not run. The caller disposes it; what was gathered is freed.
   */
  join(norms: readonly NormSpec[], fallback: Tensor1D): Tensor1D {
    const joined = tf.tidy(() => {
      const old = tf.split(
        fallback,
        norms.map(({ channels }) => 2 * channels),
      );
      return tf.concat1d(
        norms.flatMap(({ name }, index) => {
          const pair: readonly Tensor[] = this.#byNorm.get(name) ?? [old[index] as Tensor];
          return pair.map((tensor) => tensor.as1D());
        }),
      );
    });
    tf.dispose([...this.#byNorm.values()].flat());
    this.#byNorm.clear();
    return joined;
  }
}

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

/** For parameters from `foldNorms`: the norm's scale is in its filter already, its shift is a bias. */
export function foldedNormalise(tape: Tape, parameters: ReadonlyMap<string, Value<Tensor>>): Normalise {
  return (x, name, activate) => {
    const shifted = addBias(tape, x, parameterOf<Tensor1D>(parameters, `${name}.bias`));
    return activate ? leakyRelu(tape, shifted) : shifted;
  };
}

/** Lists the parameters of the inference form: every filter, one bias per norm, and the output's bias. */
export function foldedParameters(plan: NetworkPlan): ParameterSpec[] {
  const biases = networkNorms(plan).map(({ name, channels }): ParameterSpec => ({
    name: `${name}.bias`,
    shape: [channels],
    initialisation: "zeros",
  }));
  const filters = networkParameters(plan).filter(({ name }) => !name.endsWith(".gamma") && !name.endsWith(".beta"));
  return [...filters, ...biases];
}

/** Returns the length of the statistics vector: mean and variance of every norm. */
export function countStatistics(norms: readonly NormSpec[]): number {
  return norms.reduce((total, { channels }) => total + 2 * channels, 0);
}

/**
 * Folds every batch norm into the filter before it: filter * gamma / sqrt(variance + epsilon), and a bias. Takes the
 * parameter vector `[N]` and the running statistics (mean and variance of each norm in turn), returns the vector of
 * `foldedParameters`.
 */
export function foldNorms(plan: NetworkPlan, flat: Float32Array, statistics: Float32Array): Float32Array {
  const parts = cutByName(networkParameters(plan), flat);
  const biases: Float32Array[] = [];
  let offset = 0;
  for (const { name, channels, filter } of networkNorms(plan)) {
    const mean = statistics.subarray(offset, offset + channels);
    const variance = statistics.subarray(offset + channels, offset + 2 * channels);
    offset += 2 * channels;
    const scale = variance.map(
      (value, channel) => (parts.get(`${name}.gamma`)?.[channel] ?? 1) / Math.sqrt(value + BATCH_NORM_EPSILON),
    );
    parts.set(
      filter,
      (parts.get(filter) ?? new Float32Array()).map((value, index) => value * (scale[index % channels] ?? 0)),
    );
    biases.push(
      mean.map((value, channel) => (parts.get(`${name}.beta`)?.[channel] ?? 0) - value * (scale[channel] ?? 0)),
    );
  }
  const filters = networkParameters(plan).filter(({ name }) => !name.endsWith(".gamma") && !name.endsWith(".beta"));
  return join([...filters.map(({ name }) => parts.get(name) ?? new Float32Array()), ...biases]);
}

function cutByName(specs: readonly ParameterSpec[], flat: Float32Array): Map<string, Float32Array> {
  let offset = 0;
  return new Map(
    specs.map(({ name, shape }) => {
      const part = flat.slice(offset, offset + sizeOfShape(shape));
      offset += part.length;
      return [name, part];
    }),
  );
}

function join(parts: readonly Float32Array[]): Float32Array {
  const joined = new Float32Array(parts.reduce((total, part) => total + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    joined.set(part, offset);
    offset += part.length;
  }
  return joined;
}
