import { z } from "zod";

import { at } from "#shared/at.ts";
import { LabError } from "#shared/labError.ts";
import {
  CELL_SCHEMAS,
  type CellSchema,
  MAX_LAYERS,
  MAX_NODES,
  MAX_RESOLUTIONS,
  widthFactorsSchema,
} from "#shared/space/spaces/searchSpace.ts";

import { type StateName, stateNames } from "./cellGraph.ts";
import { KEPT_EDGES } from "./edgeRanking.ts";
import { PRIMITIVES, type Primitive } from "./primitives.ts";
import { shapeFault } from "./shapeFault.ts";

/** The version of the genotype file that this program writes and understands. */
const GENOTYPE_VERSION = 1;

/** One kept edge: which state it reads and through which primitive. */
export interface GenotypeEdge {
  readonly from: StateName;
  readonly primitive: Primitive;
}

/** One layer's cell: for each node its kept edges, strongest first. */
export interface GenotypeCell {
  readonly nodes: readonly (readonly GenotypeEdge[])[];
}

/**
 * A derived architecture of cells as plain data. `widthPath[l]` is the width level of layer l, an index into `widthFactors`; along a path
 * through resolutions it is also how often the layer's picture was halved.
 */
export interface Genotype {
  readonly schema: CellSchema;
  readonly version: typeof GENOTYPE_VERSION;
  readonly widthFactors: readonly number[];
  readonly cells: readonly GenotypeCell[];
  readonly widthPath: readonly number[];
}

const headerSchema = z.object({ schema: z.enum(CELL_SCHEMAS), version: z.int() });

const stateNameSchema = z.custom<StateName>((name) => typeof name === "string" && /^(s0|s1|node_\d+)$/.test(name), {
  error: "must be s1, s0, node_0, node_1, ...",
});

const edgeSchema = z.strictObject({
  from: stateNameSchema,
  primitive: z.enum(PRIMITIVES.filter((primitive) => primitive !== "none")),
});

const genotypeSchema = headerSchema.extend({
  version: z.literal(GENOTYPE_VERSION),
  widthFactors: widthFactorsSchema,
  widthPath: z.array(z.int().min(0)),
  cells: z
    .array(z.strictObject({ nodes: z.array(z.array(edgeSchema)).min(1).max(MAX_NODES) }))
    .min(1)
    .max(MAX_LAYERS),
});

/**
 * Reads a genotype from plain data; `source` names the file or message in errors.
 * Throws LabError `newer_version` for a version this program does not know, and `bad_genotype` with place,
 * expectation and value for anything that no cell graph or width trellis allows.
 */
export function parseGenotype(value: unknown, source: string): Genotype {
  const header = headerSchema.safeParse(value);
  if (header.success && header.data.version > GENOTYPE_VERSION) {
    throw new LabError(
      "newer_version",
      `${source}: version must be ${GENOTYPE_VERSION} or lower, got ${header.data.version}: a newer HiNAS Lab wrote it`,
    );
  }
  const parsed = genotypeSchema.strict().safeParse(value, { reportInput: true });
  const fault = parsed.success ? graphFault(parsed.data) : shapeFault(parsed.error.issues);
  if (!parsed.success || fault !== null) throw new LabError("bad_genotype", `${source}: ${fault}`);
  return parsed.data;
}

/** Copies a genotype with its keys in a fixed order, so that equal genotypes give equal texts. */
export function inFixedOrder({ schema, version, widthFactors, widthPath, cells }: Genotype): Genotype {
  return {
    schema,
    version,
    widthFactors,
    widthPath,
    cells: cells.map(({ nodes }) => ({
      nodes: nodes.map((edges) => edges.map(({ from, primitive }) => ({ from, primitive }))),
    })),
  };
}

/** Returns the first thing that makes the cells or the width path impossible, or null: `place must ..., got ...`. */
function graphFault(genotype: Genotype): string | null {
  return cellsFault(genotype) ?? placesFault(genotype) ?? widthPathFault(genotype);
}

function placesFault({ schema, cells, widthFactors }: Genotype): string | null {
  if (schema === "hinas.resolutions" && widthFactors.length > MAX_RESOLUTIONS) {
    return `widthFactors must hold at most ${MAX_RESOLUTIONS} levels (strides 1 to ${2 ** (MAX_RESOLUTIONS - 1)}), got ${widthFactors.length}`;
  }
  if (schema !== "hinas.scales" || cells.length % 2 === 1) return null;
  return `cells must be an odd number for a U of scales (down, bottom, up), got ${cells.length}`;
}

function cellsFault({ cells }: Genotype): string | null {
  const nodes = at(cells, 0, "cells").nodes.length;
  for (const [layer, cell] of cells.entries()) {
    const place = `cells[${layer}].nodes`;
    if (cell.nodes.length !== nodes) {
      return `${place} must hold ${nodes} nodes like the first cell's, got ${cell.nodes.length}`;
    }
    for (const [node, edges] of cell.nodes.entries()) {
      const fault = nodeFault(edges, node);
      if (fault !== null) return `${place}[${node}]${fault}`;
    }
  }
  return null;
}

function nodeFault(edges: readonly GenotypeEdge[], node: number): string | null {
  if (edges.length !== KEPT_EDGES) return ` must keep ${KEPT_EDGES} edges, got ${edges.length}`;
  const states = stateNames(node);
  for (const [index, { from }] of edges.entries()) {
    if (!states.includes(from)) {
      return `[${index}].from must be a state before node_${node} (${states.join(", ")}), got "${from}"`;
    }
    if (edges.findIndex((edge) => edge.from === from) !== index) {
      return `[${index}].from must differ from the node's other edge, got "${from}" twice`;
    }
  }
  return null;
}

function widthPathFault({ schema, cells, widthFactors, widthPath }: Genotype): string | null {
  if (widthPath.length !== cells.length) {
    return `widthPath must have one width level per layer (${cells.length}), got ${widthPath.length}`;
  }
  for (const [layer, level] of widthPath.entries()) {
    const place = `widthPath[${layer}]`;
    if (level >= widthFactors.length) {
      return `${place} must be below ${widthFactors.length} (the width factors), got ${level}`;
    }
    if (schema === "hinas.scales") continue;
    const before = layer === 0 ? 0 : at(widthPath, layer - 1, "width path");
    if (Math.abs(level - before) > 1) {
      const from = layer === 0 ? "the stem's level 0" : `level ${before} of the layer before`;
      return `${place} must be at most one level away from ${from}, got ${level}`;
    }
  }
  return null;
}
