import { BATCH_NORM_EPSILON } from "#main/compute/engine/kernels/kernels.ts";
import { sizeOfShape } from "#main/compute/layers/parameters.ts";
import type { ParameterSpec } from "#main/compute/layers/parameters.ts";

import { networkNorms, networkParameters } from "./structure.ts";
import type { NetworkPlan } from "./structure.ts";

/** Lists the parameters of the inference form: every filter, the output's bias, and one bias per norm. */
export function foldedParameters(plan: NetworkPlan): ParameterSpec[] {
  const biases = networkNorms(plan).map(({ name, channels }): ParameterSpec => ({
    name: `${name}.bias`,
    shape: [channels],
    initialisation: "zeros",
  }));
  return [...keptParameters(plan), ...biases];
}

/**
 * Folds every batch norm into the filter before it: filter * gamma / sqrt(variance + epsilon), and a bias. Takes the
 * parameter vector `[N]` and the running statistics (mean and variance of each norm in turn), returns the vector of
 * `foldedParameters`.
 */
export function foldNorms(
  plan: NetworkPlan,
  parameters: Float32Array,
  statistics: Float32Array,
): Float32Array<ArrayBuffer> {
  const parts = cutByName(networkParameters(plan), parameters);
  const biases: Float32Array[] = [];
  let offset = 0;
  for (const { name, channels, filter } of networkNorms(plan)) {
    const mean = statistics.subarray(offset, offset + channels);
    const variance = statistics.subarray(offset + channels, offset + 2 * channels);
    offset += 2 * channels;
    const gamma = parts.get(`${name}.gamma`);
    const beta = parts.get(`${name}.beta`);
    const scale = variance.map((value, channel) => (gamma?.[channel] ?? 1) / Math.sqrt(value + BATCH_NORM_EPSILON));
    const unscaled = parts.get(filter) ?? new Float32Array();
    // Output channels are the fastest axis of plain and depthwise filters alike.
    parts.set(
      filter,
      unscaled.map((value, index) => value * (scale[index % channels] ?? 0)),
    );
    biases.push(mean.map((value, channel) => (beta?.[channel] ?? 0) - value * (scale[channel] ?? 0)));
  }
  return join([...keptParameters(plan).map(({ name }) => parts.get(name) ?? new Float32Array()), ...biases]);
}

function keptParameters(plan: NetworkPlan): ParameterSpec[] {
  return networkParameters(plan).filter(({ name }) => !name.endsWith(".gamma") && !name.endsWith(".beta"));
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

function join(parts: readonly Float32Array[]): Float32Array<ArrayBuffer> {
  const joined = new Float32Array(parts.reduce((total, part) => total + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    joined.set(part, offset);
    offset += part.length;
  }
  return joined;
}
