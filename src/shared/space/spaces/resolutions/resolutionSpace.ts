import { z } from "zod";

import { at } from "#shared/at.ts";
import { type StateName, stateNames } from "#shared/space/cells/cellGraph.ts";
import type { Genotype, GenotypeCell, GenotypeEdge } from "#shared/space/cells/genotype.ts";
import { PRIMITIVES } from "#shared/space/cells/primitives.ts";
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
import { MAX_LAYERS, MAX_NODES, MAX_RESOLUTIONS } from "#shared/space/spaces/searchSpace.ts";

import { countPaths, enumeratePaths, otherLevels, samplePath } from "./paths.ts";

const OPS = PRIMITIVES.filter((primitive) => primitive !== "none" && primitive !== "noise");

/** Which paths and cells there are. */
export const resolutionSettingsSchema = z.strictObject({
  layers: z.int().min(1).max(MAX_LAYERS).default(5).describe("Layers in depth; the paper has 12."),
  levels: z
    .int()
    .min(1)
    .max(MAX_RESOLUTIONS)
    .default(3)
    .describe("Strides that a layer can work at: 1, 2, 4, ...; the paper has 4 levels, from stride 4 on."),
  nodes: z.int().min(1).max(MAX_NODES).default(3).describe("Nodes of the cell that all layers run."),
  primitives: z
    .array(z.enum(OPS))
    .min(1)
    .refine((names) => new Set(names).size === names.length, { error: "must name each primitive once" })
    .default(["conv_3x3", "sep_conv_3x3", "dil_conv_3x3", "skip_connect"])
    .describe("What the edges of the cell may compute."),
});

export type ResolutionSettings = Readonly<z.infer<typeof resolutionSettingsSchema>>;

/** The space of paths through resolutions: each layer decides its stride, and the cell of all of them its edges. */
export const resolutionSpace: SampledSpace<ResolutionSettings, Genotype> = {
  schema: "hinas.resolutions",
  settings: resolutionSettingsSchema,
  count: (settings) => countPaths(settings.layers, settings.levels) * countChoices(cellDecisions(settings)),
  *enumerate(settings) {
    for (const path of enumeratePaths(settings.layers, settings.levels)) {
      for (const choices of enumerateChoices(cellDecisions(settings))) yield toGenotype(settings, path, choices);
    }
  },
  sample: (settings, random) =>
    toGenotype(
      settings,
      samplePath(settings.layers, settings.levels, random),
      sampleChoices(cellDecisions(settings), random),
    ),
  mutate(settings, genotype, random) {
    const decisions = cellDecisions(settings);
    const choices = toChoices(settings, genotype);
    const { widthPath: path } = genotype;
    const moves = movesOf(path, settings.levels);
    const open = decisions.filter((decision) => decision.choices.length > 1).length;
    // A layer's level and a decision of the cell are equally likely to change.
    const drawn = random.integer(Math.max(1, moves.length + open));
    const moved = moves[drawn];
    if (moved !== undefined) return toGenotype(settings, moved, choices);
    return toGenotype(settings, path, mutateChoices(decisions, choices, random));
  },
  neighbours(settings, genotype) {
    const { widthPath: path } = genotype;
    const choices = toChoices(settings, genotype);
    return [
      ...movesOf(path, settings.levels).map((moved) => toGenotype(settings, moved, choices)),
      ...neighbourChoices(cellDecisions(settings), choices).map((changed) => toGenotype(settings, path, changed)),
    ];
  },
  encode(settings, genotype) {
    const places = genotype.widthPath.flatMap((level) =>
      Array.from({ length: settings.levels }, (_, each) => (each === level ? 1 : 0)),
    );
    return [...places, ...encodeChoices(cellDecisions(settings), toChoices(settings, genotype))];
  },
  // A path's steps depend on those before.
  decisions: () => null,
};

/** Lists the paths that differ in the level of one layer. */
function movesOf(path: readonly number[], levels: number): (readonly number[])[] {
  return path.flatMap((_, layer) => otherLevels(path, layer, levels).map((level) => path.with(layer, level)));
}

/** What each node decides: which two states it reads, and the primitive on either edge. */
const PER_NODE = 3;

/** The pairs of states before a node, in their order. */
function pairsBefore(node: number): (readonly [StateName, StateName])[] {
  const states = stateNames(node);
  return states.flatMap((first, index) => states.slice(index + 1).map((second) => [first, second] as const));
}

const pairName = ([first, second]: readonly [StateName, StateName]): string => `${first}+${second}`;

function cellDecisions({ nodes, primitives }: ResolutionSettings): Decision[] {
  return Array.from({ length: nodes }, (_, node): Decision[] => [
    { name: `node_${node}.states`, choices: pairsBefore(node).map(pairName) },
    { name: `node_${node}.first`, choices: primitives },
    { name: `node_${node}.second`, choices: primitives },
  ]).flat();
}

function toGenotype(
  { levels, nodes, primitives }: ResolutionSettings,
  path: readonly number[],
  choices: Choices,
): Genotype {
  const cell: GenotypeCell = {
    nodes: Array.from({ length: nodes }, (_, node): GenotypeEdge[] => {
      const [pair = 0, ...ops] = choices.slice(PER_NODE * node, PER_NODE * (node + 1));
      return at(pairsBefore(node), pair, "pairs of states").map((from, index) => ({
        from,
        primitive: at(primitives, at(ops, index, "choices"), "primitives"),
      }));
    }),
  };
  return {
    schema: "hinas.resolutions",
    version: 1,
    widthFactors: factorsOf(levels),
    widthPath: path,
    cells: path.map(() => cell),
  };
}

/** Channels double at each halving. */
function factorsOf(levels: number): number[] {
  return Array.from({ length: levels }, (_, level) => 2 ** level);
}

/** Gives the choices of the cell. Throws an Error where sizes are not those of the settings, or where cells differ. */
function toChoices({ nodes, ...settings }: ResolutionSettings, { widthFactors, widthPath, cells }: Genotype): Choices {
  const sizesOf = (layers: number, factors: readonly number[], ofCell: number): string =>
    `${layers} layers, width factors ${factors.join(", ")} and cells of ${ofCell} nodes`;
  const cell = at(cells, 0, "cells");
  const wanted = sizesOf(settings.layers, factorsOf(settings.levels), nodes);
  const got = sizesOf(widthPath.length, widthFactors, cell.nodes.length);
  if (wanted !== got) throw new Error(`resolutions: a genotype must have ${wanted} as the settings say, got ${got}`);
  const text = JSON.stringify(cell);
  if (cells.some((each) => JSON.stringify(each) !== text)) {
    throw new Error("resolutions: a genotype must have the same cell in every layer, got different ones");
  }
  const order = stateNames(cell.nodes.length);
  const names = cell.nodes.flatMap((edges) => {
    const sorted = edges.toSorted((first, second) => order.indexOf(first.from) - order.indexOf(second.from));
    const [first, second] = [at(sorted, 0, "edges"), at(sorted, 1, "edges")];
    return [pairName([first.from, second.from]), first.primitive, second.primitive];
  });
  return cellDecisions({ nodes, ...settings }).map((decision, index) =>
    choiceOf(decision, at(names, index, "choices")),
  );
}
