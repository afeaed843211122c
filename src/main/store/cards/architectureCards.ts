import { z } from "zod";

import type { SearchScore } from "#shared/api/architectures.ts";
import { type AnyGenotype, genotypeHash, parseAnyGenotype } from "#shared/space/spaces/spaces.ts";

import { type CardFolder, openCardFolder } from "./cards.ts";

const originSchema = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("derived"),
    runId: z.string(),
    runName: z.string(),
    epoch: z.int(),
    /** Absent where the epoch was not scored, and in older cards. */
    searchScore: z.object({ score: z.number(), psnrDb: z.number().nullable() }).optional(),
  }),
  z.object({ kind: z.literal("imported"), source: z.string() }),
  z.object({ kind: z.literal("edited"), parent: z.string(), change: z.string() }),
]);

/** What the lab remembers of an architecture; the hash is that of the genotype. */
export const architectureCardSchema = z.object({
  hash: z.string().regex(/^[0-9a-f]{8}$/),
  name: z.string().min(1),
  genotype: z.unknown().transform((value): AnyGenotype => parseAnyGenotype(value, "architecture card")),
  origin: originSchema,
  addedAt: z.iso.datetime(),
  /** Set where a person took it out of the library: a rebuild must not bring it back from the runs that know it. */
  removedAt: z.iso.datetime().optional(),
});
export type ArchitectureCard = Readonly<z.infer<typeof architectureCardSchema>>;

/** Under which name and with which origin the library keeps what was derived from an epoch of a search. */
export function describeDerived(
  run: { readonly id: string; readonly name: string },
  epoch: number,
  searchScore: SearchScore | null = null,
): Pick<ArchitectureCard, "name" | "origin"> {
  const scored = searchScore === null ? {} : { searchScore };
  const origin = { kind: "derived", runId: run.id, runName: run.name, epoch, ...scored } as const;
  return { name: `${run.name}, epoch ${epoch}`, origin };
}

/** The same for what a training brought along. */
export function describeTrained(genotype: AnyGenotype, dataset: string): Pick<ArchitectureCard, "name" | "origin"> {
  return {
    name: `genotype ${genotypeHash(genotype)}`,
    origin: { kind: "imported", source: `training on ${dataset}` },
  };
}

/** Opens the folder of architecture cards; their names are the hashes. */
export function openArchitectureCards(folder: string): CardFolder<ArchitectureCard> {
  return openCardFolder(folder, architectureCardSchema);
}
