import { z } from "zod";

import { at } from "#shared/at.ts";
import { isPrimitive, type Primitive } from "#shared/space/cells/primitives.ts";
import { readGenotype } from "#shared/space/spaces/readGenotype.ts";
import { MAX_LAYERS } from "#shared/space/spaces/searchSpace.ts";

/** The version of a motif genotype that this program writes and understands. */
const MOTIFS_VERSION = 1;

/** Nodes of a motif: more can neither be drawn nor be counted in a moment. */
export const MAX_MOTIF_NODES = 6;
/** Levels above the primitives; each multiplies the edges of the one below. */
export const MAX_LEVELS = 4;
export const MAX_MOTIFS = 12;
/** Flat edges of a cell: far beyond the paper's (5 nodes over motifs of 4), small enough to build. */
export const MAX_FLAT_EDGES = 600;

/** What an edge of a motif carries: a primitive in level 2, a motif of the level below in the others. */
export type MotifOp = Primitive | `motif_${number}`;

const opSchema = z.custom<MotifOp>(
  (name) =>
    typeof name === "string" && name !== "none" && name !== "noise" && (isPrimitive(name) || /^motif_\d+$/.test(name)),
  { error: "must be a primitive other than none and noise, or motif_0, motif_1, ..." },
);

const edgeSchema = z.strictObject({ from: z.int().min(0), to: z.int().min(1), op: opSchema });

const motifSchema = z.strictObject({
  nodes: z.int().min(2).max(MAX_MOTIF_NODES),
  edges: z.array(edgeSchema).min(1),
});

const genotypeSchema = z
  .strictObject({
    schema: z.literal("hinas.motifs"),
    version: z.literal(MOTIFS_VERSION),
    cells: z.int().min(1).max(MAX_LAYERS),
    levels: z.array(z.array(motifSchema).min(1).max(MAX_MOTIFS)).min(1).max(MAX_LEVELS),
  })
  .readonly();

/** An edge from node to node, counted from 0, through an op. */
export type MotifEdge = Readonly<z.infer<typeof edgeSchema>>;

/** A small graph from its node 0 to its last node, with edges by the node that they reach, then by the one that they leave. */
export interface Motif {
  readonly nodes: number;
  readonly edges: readonly MotifEdge[];
}

/**
 * A hierarchy of motifs as plain data: `levels[0]` is level 2, whose edges carry primitives; the edges of each later level carry
 * motifs of the one before. The last level has one motif, the cell; a network has `cells` of them in a row.
 */
export interface MotifGenotype {
  readonly schema: "hinas.motifs";
  readonly version: typeof MOTIFS_VERSION;
  readonly cells: number;
  readonly levels: readonly (readonly Motif[])[];
}

/** Puts levels of motifs under the head of a genotype. */
export function makeMotifs(cells: number, levels: readonly (readonly Motif[])[]): MotifGenotype {
  return { schema: "hinas.motifs", version: MOTIFS_VERSION, cells, levels };
}

/**
 * Reads a hierarchy of motifs from plain data; `source` names the file in errors. Throws LabError `newer_version` and
 * `bad_genotype`, as for an edge that leads back, a node that nothing leads to or from, or an op that the level below does not have.
 */
export function parseGenotype(value: unknown, source: string): MotifGenotype {
  const check = { version: MOTIFS_VERSION, schema: genotypeSchema, fault };
  return inFixedOrder(readGenotype<MotifGenotype>(value, source, check));
}

/** Copies a genotype with keys and edges in a fixed order, so that equal genotypes give equal texts. */
export function inFixedOrder({ cells, levels }: MotifGenotype): MotifGenotype {
  return makeMotifs(
    cells,
    levels.map((motifs) => motifs.map(({ nodes, edges }) => ({ nodes, edges: inEdgeOrder(edges) }))),
  );
}

/** Orders edges by the node that they reach, then by the one that they leave. */
export function inEdgeOrder(edges: readonly MotifEdge[]): MotifEdge[] {
  return edges
    .map(({ from, to, op }) => ({ from, to, op }))
    .toSorted((first, second) => first.to - second.to || first.from - second.from);
}

/** Whether every node lies on a way from the first to the last: all but the first are reached, all but the last are left. */
export function isConnected(nodes: number, edges: readonly Pick<MotifEdge, "from" | "to">[]): boolean {
  return looseNode(nodes, edges) === null;
}

/** Names a motif of a level by its place in the genotype. */
export function motifName(index: number): `motif_${number}` {
  return `motif_${index}`;
}

/** Finds the motif of a level that an op names. */
export function motifOf(motifs: readonly Motif[], op: MotifOp): Motif {
  return at(motifs, Number(op.slice("motif_".length)), "motifs of a level");
}

function looseNode(nodes: number, edges: readonly Pick<MotifEdge, "from" | "to">[]): number | null {
  for (let node = 0; node < nodes; node++) {
    const isReached = node === 0 || edges.some(({ to }) => to === node);
    const isLeft = node === nodes - 1 || edges.some(({ from }) => from === node);
    if (!isReached || !isLeft) return node;
  }
  return null;
}

function fault({ levels }: MotifGenotype): string | null {
  const last = at(levels, levels.length - 1, "levels").length;
  if (last !== 1) return `levels[${levels.length - 1}] must hold one motif, which is the cell, got ${last}`;
  for (const [level, motifs] of levels.entries()) {
    const below = levels[level - 1] ?? null; // The first level stands on the primitives.
    for (const [index, motif] of motifs.entries()) {
      const found = motifFault(motif, below);
      if (found !== null) return `levels[${level}][${index}]${found}`;
    }
  }
  const edges = countFlatEdges(levels);
  return edges > MAX_FLAT_EDGES ? `levels must give a cell of at most ${MAX_FLAT_EDGES} edges, got ${edges}` : null;
}

function motifFault({ nodes, edges }: Motif, below: readonly Motif[] | null): string | null {
  for (const [index, { from, to, op }] of edges.entries()) {
    const place = `.edges[${index}]`;
    if (to >= nodes) return `${place}.to must be below ${nodes} (the nodes), got ${to}`;
    if (from >= to) return `${place}.from must be a node before ${to}, got ${from}`;
    if (edges.findIndex((edge) => edge.from === from && edge.to === to) !== index) {
      return `${place} must differ from the other edges, got ${from} to ${to} twice`;
    }
    const ops = below === null ? "a primitive" : below.map((_, motif) => motifName(motif)).join(", ");
    const isKnown = below === null ? isPrimitive(op) : below.some((_, motif) => motifName(motif) === op);
    if (!isKnown) return `${place}.op must be one of the level below (${ops}), got "${op}"`;
  }
  const loose = looseNode(nodes, edges);
  return loose === null
    ? null
    : `.edges must lead from node 0 over every node to node ${nodes - 1}, got none at ${loose}`;
}

/** Counts the edges of the flat cell without making it. */
function countFlatEdges(levels: readonly (readonly Motif[])[]): number {
  let counts: readonly number[] = [];
  for (const [level, motifs] of levels.entries()) {
    const below = counts;
    counts = motifs.map(({ edges }) =>
      edges.reduce(
        (sum, { op }) => sum + (level === 0 ? 1 : at(below, Number(op.slice("motif_".length)), "motifs of a level")),
        0,
      ),
    );
  }
  return at(counts, 0, "motifs of the last level");
}
