import { z } from "zod";

import { type Primitive, PRIMITIVES } from "#shared/space/cells/primitives.ts";
import { frameShape } from "#shared/space/graph/frame.ts";

/** Largest sizes the settings accept: far beyond the papers (4 layers, 5 nodes), small enough to draw and to count. */
export const MAX_LAYERS = 32;
export const MAX_NODES = 12;
/** Levels of a path through resolutions: strides 1 to 32, as Auto-DeepLab has them from 4 on. */
export const MAX_RESOLUTIONS = 6;

/**
 * The spaces whose architectures are HiNAS cells, by the name that heads a genotype: cells in a row, on a U over scales, or along a path
 * through resolutions.
 */
export const CELL_SCHEMAS = ["hinas.genotype", "hinas.scales", "hinas.resolutions"] as const;
export type CellSchema = (typeof CELL_SCHEMAS)[number];

/** The candidates of the journal paper's space, in its order: the default, which a new primitive leaves as it is. */
export const JOURNAL_PRIMITIVES: readonly Primitive[] = [
  "conv_3x3",
  "sep_conv_3x3",
  "sep_conv_5x5",
  "dil_conv_3x3",
  "dil_conv_5x5",
  "skip_connect",
  "none",
];

const isAscending = (factors: readonly number[]): boolean =>
  factors.every((factor, level) => level === 0 || factor > (factors[level - 1] ?? Infinity));

/** Channel multiples of the width levels, narrowest first. */
export const widthFactorsSchema = z
  .array(z.number().positive())
  .min(1)
  .max(8)
  .refine(isAscending, { error: "must grow from level to level" });

const primitivesSchema = z
  .array(z.enum(PRIMITIVES))
  .min(1)
  .refine((names) => new Set(names).size === names.length, { error: "must name each primitive once" })
  .refine((names) => names.some((name) => name !== "none"), { error: "must name at least one primitive besides none" });

/** The search space as data: how deep, how wide, and which primitives compete on each edge. */
export const searchSpaceSchema = z
  .strictObject({
    kind: z
      .enum(["widths", "scales", "resolutions"])
      .default("widths")
      .describe(
        "widths: cells in a row at one resolution (HiNAS); scales: cells on a U over half, quarter, ... resolution; resolutions: a row whose width levels each have half the resolution of the one before (Auto-DeepLab).",
      ),
    layers: z
      .int()
      .min(1)
      .max(MAX_LAYERS)
      .default(3)
      .describe("Cells in depth; on a U an odd number: 3 for two scales, 5 for three."),
    nodes: z
      .int()
      .min(1)
      .max(MAX_NODES)
      .default(4)
      .describe("Nodes per cell; node i reads the 2 + i states before it."),
    filters: z
      .int()
      .min(1)
      .max(512)
      .default(10)
      .describe("Channels at width factor 1 while searching; on a U they double at each halving of the resolution."),
    widthFactors: widthFactorsSchema
      .default([1, 1.5, 2])
      .describe("Channel multiple of each width level, narrowest first."),
    primitives: primitivesSchema
      .default([...JOURNAL_PRIMITIVES])
      .describe("Candidate operations on every edge, in order; at least one besides none."),
    alphaSharing: z
      .enum(["per_layer", "tied"])
      .default("per_layer")
      .describe("per_layer: each layer has its own alpha; tied: one alpha for all layers."),
    cellSharing: z
      .boolean()
      .default(true)
      .describe(
        "Mix what reaches a width level and run one cell on it (HiNAS); without, each way in has a cell of its own, and their outputs are mixed (Auto-DeepLab).",
      ),
    partialChannels: z
      .int()
      .min(1)
      .max(8)
      .default(1)
      .describe(
        "One channel in so many goes through the mixed ops of an edge, the others pass by (PC-DARTS: 4): less memory, and less to hold against weightless primitives. 1: all do.",
      ),
    ...frameShape,
    output: z
      .enum(["linear", "sigmoid"])
      .default("linear")
      .describe("sigmoid ends the supernet as the published search code does; linear is what the derived network has."),
  })
  .refine(({ kind, layers }) => kind !== "scales" || layers % 2 === 1, {
    error: "must be an odd number for a U of scales: one cell for each scale down and up again, and one at the bottom",
    path: ["layers"],
  })
  .refine(({ kind, cellSharing }) => kind !== "scales" || cellSharing, {
    error: "must be true for a U of scales, where each width level of a place has one way in",
    path: ["cellSharing"],
  })
  .refine(({ kind, widthFactors }) => kind !== "resolutions" || widthFactors.length <= MAX_RESOLUTIONS, {
    error: `must have at most ${MAX_RESOLUTIONS} entries for resolutions: one for each stride from 1 to ${2 ** (MAX_RESOLUTIONS - 1)}`,
    path: ["widthFactors"],
  })
  .refine(({ filters, widthFactors }) => filters * (widthFactors[0] ?? 1) >= 1, {
    error:
      "must leave the narrowest width level at least one channel: filters times the first width factor must be 1 or more",
    path: ["widthFactors", 0],
  });

export type SearchSpace = Readonly<z.infer<typeof searchSpaceSchema>>;
export type SpaceKind = SearchSpace["kind"];
