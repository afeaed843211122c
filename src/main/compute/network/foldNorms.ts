import { BATCH_NORM_EPSILON } from "#main/compute/kernels/kernels.ts";
import { vectorSpec } from "#main/compute/layers/filterSpecs.ts";
import { cutParameters, layParameters } from "#main/compute/layers/parameters.ts";
import type { ParameterSpec } from "#main/compute/layers/parameters.ts";

import { networkNorms, networkParameters, networkStatistics } from "./structure.ts";
import type { NetworkPlan } from "./structure.ts";

/** Lists the parameters of the inference form: every filter, the output's bias, and one bias per norm. */
export function foldedParameters(plan: NetworkPlan): ParameterSpec[] {
  const filters = networkParameters(plan).filter(({ name }) => !name.endsWith(".gamma") && !name.endsWith(".beta"));
  const biases = networkNorms(plan).map(({ name, channels }) => vectorSpec(`${name}.bias`, channels, "zeros"));
  return [...filters, ...biases];
}

/**
 * Folds every batch norm into the filter before it: filter * gamma / sqrt(variance + epsilon), and a bias. Takes the stored
 * vectors of parameters and running statistics, returns the stored vector of `foldedParameters`.
 */
export function foldNorms(
  plan: NetworkPlan,
  parameters: Float32Array,
  statistics: Float32Array,
): Float32Array<ArrayBuffer> {
  const parts = cutParameters(networkParameters(plan), parameters);
  const running = cutParameters(networkStatistics(plan), statistics);
  for (const { name, filter } of networkNorms(plan)) {
    const mean = running.get(`${name}.mean`) ?? new Float32Array();
    const variance = running.get(`${name}.variance`) ?? new Float32Array();
    const gamma = parts.get(`${name}.gamma`);
    const beta = parts.get(`${name}.beta`);
    const scale = variance.map((value, channel) => (gamma?.[channel] ?? 1) / Math.sqrt(value + BATCH_NORM_EPSILON));
    // Output channels are the fastest axis of plain and depthwise filters alike.
    const unscaled = parts.get(filter) ?? new Float32Array();
    parts.set(
      filter,
      unscaled.map((value, index) => value * (scale[index % scale.length] ?? 0)),
    );
    parts.set(
      `${name}.bias`,
      mean.map((value, channel) => (beta?.[channel] ?? 0) - value * (scale[channel] ?? 0)),
    );
  }
  return layParameters(foldedParameters(plan), ({ name }) => parts.get(name) ?? []);
}
