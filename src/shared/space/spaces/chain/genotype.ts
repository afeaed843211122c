import { z } from "zod";

import { at } from "#shared/at.ts";
import { readGenotype } from "#shared/space/spaces/readGenotype.ts";
import { MAX_LAYERS, widthFactorsSchema } from "#shared/space/spaces/searchSpace.ts";

/** The version of a chain's genotype that this program writes and understands. */
const CHAIN_VERSION = 1;

/** The primitives of a chain's layers: those that compute and do not bring a dilation along. */
export const CHAIN_PRIMITIVES = ["conv_3x3", "sep_conv_3x3", "sep_conv_5x5", "def_conv_3x3"] as const;
export type ChainPrimitive = (typeof CHAIN_PRIMITIVES)[number];

/** Taps further apart see less of what is between them than tiles cost. */
export const MAX_DILATION = 16;

/** A value that a layer can read, by the name of what left it. */
export type ChainValue = "stem" | `layer_${number}`;

const valueSchema = z.custom<ChainValue>((name) => typeof name === "string" && /^(stem|layer_\d+)$/.test(name), {
  error: "must be null, stem, layer_0, layer_1, ...",
});

const layerSchema = z.strictObject({
  primitive: z.enum(CHAIN_PRIMITIVES),
  widthLevel: z.int().min(0),
  dilation: z.int().min(1).max(MAX_DILATION),
  skipFrom: valueSchema.nullable(),
});

const genotypeSchema = z
  .strictObject({
    schema: z.literal("hinas.chain"),
    version: z.literal(CHAIN_VERSION),
    widthFactors: widthFactorsSchema,
    layers: z.array(layerSchema).min(1).max(MAX_LAYERS),
  })
  .readonly();

/** A layer of a chain: its primitive reads the layer before, and what the skip reads is added; null where there is none. */
export type ChainLayer = Readonly<z.infer<typeof layerSchema>>;

/** Layers in a row as plain data. `widthLevel` is an index into `widthFactors`. */
export interface ChainGenotype {
  readonly schema: "hinas.chain";
  readonly version: typeof CHAIN_VERSION;
  readonly widthFactors: readonly number[];
  readonly layers: readonly ChainLayer[];
}

/** Puts layers under the head of a genotype. */
export function makeChain(widthFactors: readonly number[], layers: readonly ChainLayer[]): ChainGenotype {
  return { schema: "hinas.chain", version: CHAIN_VERSION, widthFactors, layers };
}

/**
 * Reads a chain from plain data; `source` names the file in errors. Throws LabError `newer_version` and `bad_genotype`, as where a
 * layer skips from itself or from one behind it.
 */
export function parseGenotype(value: unknown, source: string): ChainGenotype {
  return readGenotype<ChainGenotype>(value, source, { version: CHAIN_VERSION, schema: genotypeSchema, fault });
}

/** Copies a chain with its keys in a fixed order, so that equal genotypes give equal texts. */
export function inFixedOrder({ widthFactors, layers }: ChainGenotype): ChainGenotype {
  return makeChain(
    widthFactors,
    layers.map(({ primitive, widthLevel, dilation, skipFrom }) => ({ primitive, widthLevel, dilation, skipFrom })),
  );
}

/** Names the values that layer `layer` can skip from, the nearest last: the stem and the layers before it. */
export function valuesBefore(layer: number): readonly ChainValue[] {
  return ["stem", ...Array.from({ length: layer }, (_, index): ChainValue => `layer_${index}`)];
}

/** The channel multiple of a layer. */
export function widthFactorOf({ widthFactors }: ChainGenotype, { widthLevel }: ChainLayer): number {
  return at(widthFactors, widthLevel, "width factors");
}

function fault({ widthFactors, layers }: ChainGenotype): string | null {
  for (const [index, { widthLevel, skipFrom }] of layers.entries()) {
    const place = `layers[${index}]`;
    if (widthLevel >= widthFactors.length) {
      return `${place}.widthLevel must be below ${widthFactors.length} (the width factors), got ${widthLevel}`;
    }
    const before = valuesBefore(index);
    if (skipFrom !== null && !before.includes(skipFrom)) {
      return `${place}.skipFrom must be null or a value before the layer (${before.join(", ")}), got "${skipFrom}"`;
    }
  }
  return null;
}
