import { z } from "zod";

import { PRIMITIVES } from "./primitives.ts";

/** The search space as data: how deep, how wide, and which primitives compete on each edge. */
export const searchSpaceSchema = z.strictObject({
  layers: z.int().min(1).max(32).default(3).describe("Cells in depth."),
  nodes: z.int().min(1).max(12).default(4).describe("Nodes per cell; node i reads the 2 + i states before it."),
  filters: z.int().min(1).max(512).default(10).describe("Channels of width level 0 while searching."),
  widthFactors: z
    .array(z.number().positive())
    .min(1)
    .max(8)
    .default([1, 1.5, 2])
    .describe("Channel multiple of each width level, narrowest first."),
  primitives: z
    .array(z.enum(PRIMITIVES))
    .min(1)
    .default([...PRIMITIVES])
    .describe("Candidate operations on every edge, in order; at least one besides none."),
  alphaSharing: z
    .enum(["per_layer", "tied"])
    .default("per_layer")
    .describe("per_layer: each layer has its own alpha; tied: one alpha for all layers."),
});

export type SearchSpace = Readonly<z.infer<typeof searchSpaceSchema>>;
