import { networkCost, type NetworkCost } from "#shared/space/graph/costModel.ts";
import { inferenceBytesPerPixel } from "#shared/space/graph/memoryModel.ts";
import { type NetworkSettings, networkSettingsSchema } from "#shared/space/spaces/networkPlan.ts";
import { type AnyGenotype, type AnyNetworkPlan, buildNetworkGraph } from "#shared/space/spaces/spaces.ts";

import type { SearchConfig } from "./config.ts";
import { isTraining } from "./estimatorSchema.ts";

/** What the networks of a search's candidates have in common: the estimator's filters where it has some, else the space's. */
export function candidateSettings({ space, search }: SearchConfig): NetworkSettings {
  const { estimator } = search;
  const own = isTraining(estimator) ? estimator : null;
  const { filters, imageChannels, noiseMap, unshuffle, offsetLimitPx, stemChannels } = space;
  return networkSettingsSchema.parse({
    filters: own?.filters ?? filters,
    imageChannels,
    noiseMap,
    unshuffle,
    offsetLimitPx,
    stemChannels,
    normalisation: own?.normalisation,
  });
}

/** Plans the network of a candidate of a search. */
export function planCandidate(config: SearchConfig, genotype: AnyGenotype): AnyNetworkPlan {
  return { genotype, ...candidateSettings(config) };
}

/** What is told of a candidate's network: its cost, and the memory that it needs to denoise. */
export function candidateFigures(
  plan: AnyNetworkPlan,
): Pick<NetworkCost, "parameters" | "multiplyAddsPerPixel"> & { readonly memoryBytesPerPixel: number } {
  const graph = buildNetworkGraph(plan);
  const { parameters, multiplyAddsPerPixel } = networkCost(graph);
  return { parameters, multiplyAddsPerPixel, memoryBytesPerPixel: inferenceBytesPerPixel(graph) };
}

/** What the network of a candidate costs. */
export function candidateCost(config: SearchConfig, genotype: AnyGenotype): NetworkCost {
  return networkCost(buildNetworkGraph(planCandidate(config, genotype)));
}
