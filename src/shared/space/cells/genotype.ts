import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import { z } from "zod";

import { LabError } from "#shared/labError.ts";

import { graphFault, shapeFault } from "./genotypeFault.ts";
import { PRIMITIVES, type Primitive } from "./primitives.ts";
import { MAX_LAYERS, MAX_NODES, widthFactorsSchema } from "#shared/space/spaces/widths/searchSpace.ts";

/** The version of the genotype file that this program writes and understands. */
export const GENOTYPE_VERSION = 1;

/** A state inside a cell by name: `s1` is the layer before the previous one, `s0` the previous layer, then the nodes. */
export type StateName = "s1" | "s0" | `node_${number}`;

/** One kept edge: which state it reads and through which primitive. */
export interface GenotypeEdge {
  readonly from: StateName;
  readonly primitive: Primitive;
}

/** One layer's cell: for each node its kept edges, strongest first. */
export interface GenotypeCell {
  readonly nodes: readonly (readonly GenotypeEdge[])[];
}

/** A derived architecture as plain data. `widthPath[l]` is the width level of layer l, an index into `widthFactors`. */
export interface Genotype {
  readonly schema: "hinas.genotype";
  readonly version: typeof GENOTYPE_VERSION;
  readonly widthFactors: readonly number[];
  readonly cells: readonly GenotypeCell[];
  readonly widthPath: readonly number[];
}

const headerSchema = z.object({ schema: z.literal("hinas.genotype"), version: z.int() });

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

/** Writes a genotype as JSON with a fixed order of keys, so that equal genotypes give equal files. */
export function genotypeToJson(genotype: Genotype): string {
  return `${JSON.stringify(inFixedOrder(genotype), null, 2)}\n`;
}

/** Names a genotype by its content: the first 8 hexadecimal digits of a SHA-256, the same in every process. */
export function genotypeHash(genotype: Genotype): string {
  return bytesToHex(sha256(utf8ToBytes(JSON.stringify(inFixedOrder(genotype))))).slice(0, 8);
}

function inFixedOrder({ schema, version, widthFactors, widthPath, cells }: Genotype): Genotype {
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
