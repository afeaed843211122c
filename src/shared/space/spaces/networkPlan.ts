import { z } from "zod";

import { frameShape } from "#shared/space/graph/frame.ts";

import type { SearchSpace } from "./searchSpace.ts";

/** Everything that fixes a derived network besides its genotype. The defaults are the published network (science notes 1.4). */
export const networkSettingsSchema = z.strictObject({
  filters: z.int().min(1).max(1024).default(20).describe("Channels of width level 0 in the final network."),
  ...frameShape,
  endpointChannels: z
    .int()
    .min(1)
    .max(1024)
    .default(48)
    .describe("Channels of the decoder's skip branch; published: 48. A U of scales has none."),
  decoderChannels: z
    .int()
    .min(1)
    .max(1024)
    .default(128)
    .describe("Channels of the decoder; published: 128. A U of scales has none."),
  normalisation: z
    .enum(["batch", "none"])
    .default("batch")
    .describe(
      "none trains without batch norms: a bias stands for each, so that training and use are the same network.",
    ),
});

export type NetworkSettings = Readonly<z.infer<typeof networkSettingsSchema>>;

/** A derived architecture at a size: everything that fixes the network's shape. `G` is the genotype of its search space. */
export interface NetworkPlan<G> extends NetworkSettings {
  readonly genotype: G;
}

/** Plans a network; what is not given is as published. */
export function planNetwork<G>(genotype: G, settings: z.input<typeof networkSettingsSchema> = {}): NetworkPlan<G> {
  return { genotype, ...networkSettingsSchema.parse(settings) };
}

/** Plans the network of a candidate at the size of its search: the supernet's filters and frame, the rest as published. */
export function planCandidate<G>(genotype: G, space: SearchSpace): NetworkPlan<G> {
  const { filters, imageChannels, noiseMap, unshuffle, offsetLimitPx, stemChannels } = space;
  return planNetwork(genotype, { filters, imageChannels, noiseMap, unshuffle, offsetLimitPx, stemChannels });
}
