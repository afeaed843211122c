import { z } from "zod";

import { at } from "#shared/at.ts";
import type { Random } from "#shared/random/random.ts";
import { PRIMITIVES } from "#shared/space/cells/primitives.ts";
import { choiceOf, type Decision, encodeChoices } from "#shared/space/spaces/decisions.ts";
import type { SampledSpace } from "#shared/space/spaces/sampledSpace.ts";
import { MAX_LAYERS } from "#shared/space/spaces/searchSpace.ts";

import {
  inEdgeOrder,
  isConnected,
  makeMotifs,
  MAX_FLAT_EDGES,
  MAX_LEVELS,
  MAX_MOTIF_NODES,
  MAX_MOTIFS,
  type Motif,
  type MotifEdge,
  type MotifGenotype,
  motifName,
  type MotifOp,
} from "./genotype.ts";

const OPS = PRIMITIVES.filter((primitive) => primitive !== "none" && primitive !== "noise");

const levelSchema = z.strictObject({
  motifs: z.int().min(1).max(MAX_MOTIFS),
  nodes: z.int().min(2).max(MAX_MOTIF_NODES),
});

/** Which hierarchies there are. */
export const motifSettingsSchema = z.strictObject({
  cells: z.int().min(1).max(MAX_LAYERS).default(2).describe("Cells in a row; all are the one motif of the last level."),
  primitives: z
    .array(z.enum(OPS))
    .min(1)
    .refine((names) => new Set(names).size === names.length, { error: "must name each primitive once" })
    .default(["conv_3x3", "sep_conv_3x3", "dil_conv_3x3", "skip_connect"])
    .describe("What the edges of level 2 may carry."),
  levels: z
    .array(levelSchema)
    .min(1)
    .max(MAX_LEVELS - 1)
    .refine((levels) => levels.reduce((edges, { nodes }) => edges * pairsOf(nodes).length, 1) <= MAX_FLAT_EDGES, {
      error: `must give a cell of at most ${MAX_FLAT_EDGES} edges: the product of the pairs of nodes of all levels`,
    })
    .refine((levels) => levels.at(-1)?.motifs === 1, { error: "must end with a level of one motif, the cell" })
    .default([
      { motifs: 3, nodes: 3 },
      { motifs: 1, nodes: 4 },
    ])
    .describe("From level 2 up: how many motifs of how many nodes. The paper has 6 of 4, then 1 of 5."),
});

export type MotifSettings = Readonly<z.infer<typeof motifSettingsSchema>>;

/** The space of hierarchies: each motif decides of every pair of its nodes what leads from the one to the other, if anything. */
export const motifSpace: SampledSpace<MotifSettings, MotifGenotype> = {
  schema: "hinas.motifs",
  settings: motifSettingsSchema,
  count: (settings) => kindsOf(settings).reduce((product, kind) => product * countMotifs(kind), 1n),
  *enumerate(settings) {
    for (const motifs of enumerateAll(kindsOf(settings))) yield toGenotype(settings, motifs);
  },
  sample: (settings, random) =>
    toGenotype(
      settings,
      kindsOf(settings).map((kind) => sampleMotif(kind, random)),
    ),
  mutate: mutateEdge,
  neighbours: listNeighbours,
  encode: (settings, genotype) =>
    motifsOf(settings, genotype).flatMap((motif, index) => encodeMotif(at(kindsOf(settings), index, "motifs"), motif)),
  // Which edges a motif may leave out depends on the others: it must connect.
  decisions: () => null,
};

/** What a motif of the settings can be: its place, its nodes, and what its edges can carry. */
interface MotifKind {
  readonly name: string;
  readonly nodes: number;
  readonly ops: readonly MotifOp[];
}

/** The pairs of nodes that an edge can join, in the order of edges. */
function pairsOf(nodes: number): (readonly [number, number])[] {
  return Array.from({ length: nodes }, (_, to) => Array.from({ length: to }, (_, from) => [from, to] as const)).flat();
}

function kindsOf({ primitives, levels }: MotifSettings): MotifKind[] {
  return levels.flatMap(({ motifs, nodes }, level) => {
    const below = levels[level - 1];
    const ops = below === undefined ? primitives : Array.from({ length: below.motifs }, (_, index) => motifName(index));
    return Array.from({ length: motifs }, (_, index) => ({ name: `level_${level + 2}.motif_${index}`, nodes, ops }));
  });
}

/** Sums over the sets of edges that connect: each edge may carry any op. */
function countMotifs({ nodes, ops }: MotifKind): bigint {
  const pairs = pairsOf(nodes).map(([from, to]) => ({ from, to }));
  let count = 0n;
  for (let set = 0; set < 2 ** pairs.length; set++) {
    const edges = pairs.filter((_, pair) => ((set >> pair) & 1) === 1);
    if (isConnected(nodes, edges)) count += BigInt(ops.length) ** BigInt(edges.length);
  }
  return count;
}

/** Draws each pair's op or none until the whole connects, so that all connected ones are equally likely. */
function sampleMotif({ nodes, ops }: MotifKind, random: Random): Motif {
  for (;;) {
    const edges = pairsOf(nodes).flatMap(([from, to]): MotifEdge[] => {
      const op = ops[random.integer(ops.length + 1)];
      return op === undefined ? [] : [{ from, to, op }];
    });
    if (isConnected(nodes, edges)) return { nodes, edges };
  }
}

/** A motif with another op, or none, from one of its nodes to another; null where that changes nothing or no longer connects. */
function withOp({ nodes, edges }: Motif, [from, to]: readonly [number, number], op: MotifOp | undefined): Motif | null {
  const before = edges.find((edge) => edge.from === from && edge.to === to)?.op;
  const others = edges.filter((edge) => edge.from !== from || edge.to !== to);
  const changed = op === undefined ? others : inEdgeOrder([...others, { from, to, op }]);
  return op === before || !isConnected(nodes, changed) ? null : { nodes, edges: changed };
}

function listNeighbours(settings: MotifSettings, genotype: MotifGenotype): MotifGenotype[] {
  const motifs = motifsOf(settings, genotype);
  return kindsOf(settings).flatMap(({ nodes, ops }, chosen) =>
    pairsOf(nodes).flatMap((pair) =>
      [undefined, ...ops].flatMap((op) => {
        const changed = withOp(at(motifs, chosen, "motifs"), pair, op);
        return changed === null ? [] : [toGenotype(settings, motifs.with(chosen, changed))];
      }),
    ),
  );
}

/** Adds, changes or drops one edge: of a random pair of nodes in a random motif, so that it still connects. */
function mutateEdge(settings: MotifSettings, genotype: MotifGenotype, random: Random): MotifGenotype {
  const kinds = kindsOf(settings);
  const motifs = motifsOf(settings, genotype);
  if (kinds.every(({ nodes, ops }) => nodes === 2 && ops.length === 1)) return genotype;
  for (;;) {
    const chosen = random.integer(kinds.length);
    const { nodes, ops } = at(kinds, chosen, "motifs");
    const pairs = pairsOf(nodes);
    const pair = at(pairs, random.integer(pairs.length), "pairs of nodes");
    const changed = withOp(at(motifs, chosen, "motifs"), pair, ops[random.integer(ops.length + 1)]);
    if (changed !== null) return toGenotype(settings, motifs.with(chosen, changed));
  }
}

function* enumerateMotifs({ nodes, ops }: MotifKind): Generator<Motif> {
  const pairs = pairsOf(nodes);
  const total = (ops.length + 1) ** pairs.length;
  for (let code = 0; code < total; code++) {
    const edges = pairs.flatMap(([from, to], pair): MotifEdge[] => {
      const op = ops[(Math.floor(code / (ops.length + 1) ** pair) % (ops.length + 1)) - 1];
      return op === undefined ? [] : [{ from, to, op }];
    });
    if (isConnected(nodes, edges)) yield { nodes, edges };
  }
}

function* enumerateAll([kind, ...others]: readonly MotifKind[]): Generator<readonly Motif[]> {
  if (kind === undefined) {
    yield [];
    return;
  }
  for (const motif of enumerateMotifs(kind)) for (const rest of enumerateAll(others)) yield [motif, ...rest];
}

function encodeMotif({ name, nodes, ops }: MotifKind, { edges }: Motif): number[] {
  return pairsOf(nodes).flatMap(([from, to]) => {
    const decision: Decision = { name: `${name}.${from}_${to}`, choices: ["none", ...ops] };
    const op = edges.find((edge) => edge.from === from && edge.to === to)?.op ?? "none";
    return encodeChoices([decision], [choiceOf(decision, op)]);
  });
}

function toGenotype({ cells, levels }: MotifSettings, motifs: readonly Motif[]): MotifGenotype {
  const startOf = (level: number): number => levels.slice(0, level).reduce((sum, { motifs: count }) => sum + count, 0);
  return makeMotifs(
    cells,
    levels.map((_, level) => motifs.slice(startOf(level), startOf(level + 1))),
  );
}

/** The motifs of all levels in one row. Throws an Error where their numbers or nodes are not those of the settings. */
function motifsOf(settings: MotifSettings, { levels }: MotifGenotype): readonly Motif[] {
  const sizesOf = (sizes: readonly { readonly nodes: number }[]): string => sizes.map(({ nodes }) => nodes).join(", ");
  const motifs = levels.flat();
  const [wanted, got] = [sizesOf(kindsOf(settings)), sizesOf(motifs)];
  if (levels.length !== settings.levels.length || wanted !== got) {
    throw new Error(`motifs: a genotype must have motifs of ${wanted} nodes as the settings say, got ${got}`);
  }
  return motifs;
}
