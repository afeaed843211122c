import { z } from "zod";

import { at } from "#shared/at.ts";
import {
  type Choices,
  choiceOf,
  countChoices,
  type Decision,
  encodeChoices,
  enumerateChoices,
  mutateChoices,
  neighbourChoices,
  sampleChoices,
} from "#shared/space/spaces/decisions.ts";
import type { SampledSpace } from "#shared/space/spaces/sampledSpace.ts";
import { MAX_LAYERS, widthFactorsSchema } from "#shared/space/spaces/searchSpace.ts";

import {
  CHAIN_PRIMITIVES,
  type ChainGenotype,
  type ChainLayer,
  makeChain,
  MAX_DILATION,
  valuesBefore,
} from "./genotype.ts";

/** Which chains there are. */
export const chainSettingsSchema = z.strictObject({
  layers: z.int().min(1).max(MAX_LAYERS).default(6).describe("Layers in depth, between stem and last convolution."),
  primitives: z
    .array(z.enum(CHAIN_PRIMITIVES))
    .min(1)
    .refine((names) => new Set(names).size === names.length, { error: "must name each primitive once" })
    .default(["conv_3x3", "sep_conv_3x3", "sep_conv_5x5"])
    .describe("What a layer may compute."),
  widthFactors: widthFactorsSchema.default([1, 1.5, 2]).describe("Channel multiples that a layer may have."),
  dilations: z
    .array(z.int().min(1).max(MAX_DILATION))
    .min(1)
    .refine((dilations) => new Set(dilations).size === dilations.length, { error: "must name each dilation once" })
    .default([1, 2, 4])
    .describe("How many pixels the taps of a layer's filters may lie apart."),
  skips: z.boolean().default(true).describe("Whether a layer may add a value from before it to what it computes."),
});

export type ChainSettings = Readonly<z.infer<typeof chainSettingsSchema>>;

/** How many things each layer decides: primitive, width level, dilation and skip. */
const PER_LAYER = 4;
const NO_SKIP = "none";

/** The space of chains: each layer decides its primitive, its width, its dilation, and where it skips from. */
export const chainSpace: SampledSpace<ChainSettings, ChainGenotype> = {
  schema: "hinas.chain",
  settings: chainSettingsSchema,
  count: (settings) => countChoices(decisionsOf(settings)),
  *enumerate(settings) {
    for (const choices of enumerateChoices(decisionsOf(settings))) yield toGenotype(settings, choices);
  },
  sample: (settings, random) => toGenotype(settings, sampleChoices(decisionsOf(settings), random)),
  mutate: (settings, genotype, random) =>
    toGenotype(settings, mutateChoices(decisionsOf(settings), toChoices(settings, genotype), random)),
  neighbours: (settings, genotype) =>
    neighbourChoices(decisionsOf(settings), toChoices(settings, genotype)).map((choices) =>
      toGenotype(settings, choices),
    ),
  encode: (settings, genotype) => encodeChoices(decisionsOf(settings), toChoices(settings, genotype)),
  decisions: (settings) => ({
    counts: decisionsOf(settings).map(({ choices }) => choices.length),
    build: (choices) => toGenotype(settings, choices),
    read: (genotype) => toChoices(settings, genotype),
  }),
};

function decisionsOf({ layers, primitives, widthFactors, dilations, skips }: ChainSettings): Decision[] {
  return Array.from({ length: layers }, (_, layer): Decision[] => [
    { name: `layer_${layer}.primitive`, choices: primitives },
    { name: `layer_${layer}.widthLevel`, choices: widthFactors.map((_, level) => String(level)) },
    { name: `layer_${layer}.dilation`, choices: dilations.map(String) },
    { name: `layer_${layer}.skipFrom`, choices: [NO_SKIP, ...(skips ? valuesBefore(layer) : [])] },
  ]).flat();
}

function toGenotype({ layers, primitives, widthFactors, dilations }: ChainSettings, choices: Choices): ChainGenotype {
  return makeChain(
    widthFactors,
    Array.from({ length: layers }, (_, layer): ChainLayer => {
      const [primitive = 0, widthLevel = 0, dilation = 0, skip = 0] = choices.slice(PER_LAYER * layer);
      return {
        primitive: at(primitives, primitive, "primitives"),
        widthLevel,
        dilation: at(dilations, dilation, "dilations"),
        // The first choice is none.
        skipFrom: skip === 0 ? null : at(valuesBefore(layer), skip - 1, "values before"),
      };
    }),
  );
}

function toChoices(settings: ChainSettings, { layers }: ChainGenotype): Choices {
  if (layers.length !== settings.layers) {
    throw new Error(`chain: a genotype must have ${settings.layers} layers as the settings say, got ${layers.length}`);
  }
  const names = layers.flatMap(({ primitive, widthLevel, dilation, skipFrom }) => [
    primitive,
    String(widthLevel),
    String(dilation),
    skipFrom ?? NO_SKIP,
  ]);
  return decisionsOf(settings).map((decision, index) => choiceOf(decision, at(names, index, "choices")));
}
