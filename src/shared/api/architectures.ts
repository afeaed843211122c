import { z } from "zod";

import type { Explanation } from "#shared/space/cells/explain.ts";
import type { AnyGenotype } from "#shared/space/spaces/spaces.ts";
import type { PartCost } from "#shared/space/graph/costModel.ts";
import { PRIMITIVES } from "#shared/space/cells/primitives.ts";

import { takes } from "./procedure.ts";

/** What a search thought of an architecture. */
export interface SearchScore {
  /** By the search's estimator; higher is better. */
  readonly score: number;
  /** Of the validation behind it, in dB; null where nothing was validated. */
  readonly psnrDb: number | null;
}

/** What an architecture costs as a network for grey photos. */
export interface ArchitectureCosts {
  /** Those that a training takes unless told otherwise. */
  readonly filters: number;
  readonly parameters: number;
  readonly multiplyAddsPerPixel: number;
  /** That it needs to denoise, estimated. */
  readonly memoryBytesPerPixel: number;
  readonly receptiveFieldPx: number;
}

export interface DerivedArchitecture {
  readonly genotype: AnyGenotype;
  readonly hash: string;
  readonly epoch: number;
  /** One line per decision: which edge won by what margin, which width path by what product. */
  readonly explanation: readonly string[];
  readonly costs: ArchitectureCosts;
  /** Null where the search did not score the epoch. */
  readonly searchScore: SearchScore | null;
  readonly genotypeFile: string;
  readonly drawingFile: string;
}

/** Where an architecture came from first. */
export type ArchitectureOrigin =
  | {
      readonly kind: "derived";
      readonly runId: string;
      readonly runName: string;
      readonly epoch: number;
      /** Absent where the search did not score the epoch. */
      readonly searchScore?: SearchScore | undefined;
    }
  | { readonly kind: "imported"; readonly source: string }
  | { readonly kind: "edited"; readonly parent: string; readonly change: string };

/** An architecture of the library; the genotype's hash is its identity. */
export interface Architecture extends ArchitectureCosts {
  readonly hash: string;
  readonly name: string;
  readonly genotype: AnyGenotype;
  readonly origin: ArchitectureOrigin;
  readonly addedAt: string;
  /** Trainings of it, newest first. */
  readonly trainings: readonly string[];
}

/** An architecture with everything that is known of it. */
export interface ArchitectureDetail extends Architecture {
  /** Stem, layers and decoder in the order they run. */
  readonly parts: readonly PartCost[];
  /** Null where it was not derived here or its search is gone. */
  readonly derivation: { readonly lines: readonly string[]; readonly explanation: Explanation } | null;
  /** From its parent to the first of the line. */
  readonly ancestors: readonly string[];
  readonly children: readonly string[];
}

const hashSchema = z.string().regex(/^[0-9a-f]{8}$/);
const nameSchema = z.string().trim().min(1).max(120);
const index = z.int().min(0);

/** One change to a genotype: what an edge reads or computes, or the width level of a layer. */
const genotypeEditSchema = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("edge"),
    layer: index,
    node: index,
    /** Which of the node's two kept edges. */
    edge: index,
    from: z.string(),
    primitive: z.enum(PRIMITIVES.filter((primitive) => primitive !== "none" && primitive !== "noise")),
  }),
  z.strictObject({ kind: z.literal("width"), layer: index, level: index }),
]);
export type GenotypeEdit = Readonly<z.infer<typeof genotypeEditSchema>>;

export const architectureProcedures = {
  /** Derives from a search run: the best epoch by the published score, or any saved epoch. The library keeps the result. */
  derive: takes(z.string().min(1), z.int().min(0).nullable()).gives<DerivedArchitecture>(),
  /** Newest first. */
  listArchitectures: takes().gives<readonly Architecture[]>(),
  showArchitecture: takes(hashSchema).gives<ArchitectureDetail>(),
  /** Takes the text of a genotype file; one that is known already is returned as it is. */
  importArchitecture: takes(
    z.strictObject({ text: z.string().max(1_000_000), source: z.string().max(200), name: nameSchema.nullable() }),
  ).gives<Architecture>(),
  /** The text of a genotype file, the same for equal genotypes. */
  exportArchitecture: takes(hashSchema).gives<string>(),
  /** Makes a child with one change. Refuses a change that no cell graph or width trellis allows, or that changes nothing. */
  editArchitecture: takes(
    z.strictObject({ parent: hashSchema, edit: genotypeEditSchema, name: nameSchema.nullable() }),
  ).gives<Architecture>(),
  renameArchitecture: takes(hashSchema, nameSchema).gives<Architecture>(),
  /** Takes it out of the library; runs stay. */
  removeArchitecture: takes(hashSchema).givesNothing(),
};
