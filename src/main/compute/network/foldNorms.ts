import { at } from "#shared/at.ts";
import {
  biasName,
  foldGraph,
  graphNorms,
  graphParameters,
  graphStatistics,
} from "#shared/space/graph/graphParameters.ts";
import type { NetworkGraph } from "#shared/space/graph/networkGraph.ts";

import { BATCH_NORM_EPSILON } from "#main/compute/kernels/kernels.ts";
import { cutParameters, layParameters } from "#main/compute/layers/parameters.ts";

/**
 * Folds every batch norm into the filter before it: filter * gamma / sqrt(variance + epsilon), and a bias. Takes the stored
 * vectors of a graph's parameters and running statistics, returns the stored vector of the parameters of `foldGraph`.
 */
export function foldNorms(
  graph: NetworkGraph,
  parameters: Float32Array,
  statistics: Float32Array,
): Float32Array<ArrayBuffer> {
  const parts = cutParameters(graphParameters(graph), parameters);
  const running = cutParameters(graphStatistics(graph), statistics);
  for (const { name, filter, isAffine } of graphNorms(graph)) {
    const mean = partOf(running, `${name}.mean`);
    const variance = partOf(running, `${name}.variance`);
    const gamma = isAffine ? partOf(parts, `${name}.gamma`) : variance.map(() => 1);
    const beta = isAffine ? partOf(parts, `${name}.beta`) : variance.map(() => 0);
    const scale = variance.map((value, channel) => at(gamma, channel, name) / Math.sqrt(value + BATCH_NORM_EPSILON));
    // Output channels are the fastest axis of plain and depthwise filters alike.
    const folded = partOf(parts, filter).map((value, index) => value * at(scale, index % scale.length, name));
    parts.set(filter, folded);
    const shift = mean.map((value, channel) => at(beta, channel, name) - value * at(scale, channel, name));
    parts.set(biasName(name), shift);
  }
  return layParameters(graphParameters(foldGraph(graph)), ({ name }) => partOf(parts, name));
}

/**
 * The inverse of `foldNorms` as far as there is one: norms of mean 0 and variance 1 whose shift is the bias. Takes each
 * parameter of the folded graph by name, unpadded, and returns the stored vectors of a network that folds to them.
 */
export function unfoldNorms(
  graph: NetworkGraph,
  folded: ReadonlyMap<string, Float32Array<ArrayBuffer>>,
): { readonly parameters: Float32Array<ArrayBuffer>; readonly statistics: Float32Array<ArrayBuffer> } {
  const parts = new Map(folded);
  for (const { name, isAffine } of graphNorms(graph)) {
    const bias = partOf(parts, biasName(name));
    parts.set(
      `${name}.variance`,
      bias.map(() => 1 - BATCH_NORM_EPSILON),
    );
    parts.set(
      `${name}.mean`,
      bias.map((value) => (isAffine ? 0 : -value)),
    );
    parts.set(
      `${name}.gamma`,
      bias.map(() => 1),
    );
    parts.set(`${name}.beta`, bias);
  }
  const lay = (specs: Parameters<typeof layParameters>[0]) => layParameters(specs, ({ name }) => partOf(parts, name));
  return { parameters: lay(graphParameters(graph)), statistics: lay(graphStatistics(graph)) };
}

function partOf(parts: ReadonlyMap<string, Float32Array<ArrayBuffer>>, name: string): Float32Array<ArrayBuffer> {
  const part = parts.get(name);
  if (part === undefined) throw new Error(`foldNorms: there is no parameter named ${name}`);
  return part;
}
