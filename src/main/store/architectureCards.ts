import { z } from "zod";

import { type Genotype, parseGenotype } from "#shared/space/genotype.ts";

import { type CardFolder, openCardFolder } from "./cards.ts";

const originSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("derived"), runId: z.string(), runName: z.string(), epoch: z.int() }),
  z.object({ kind: z.literal("imported"), source: z.string() }),
  z.object({ kind: z.literal("edited"), parent: z.string(), change: z.string() }),
]);

/** What the lab remembers of an architecture; the hash is that of the genotype. */
export const architectureCardSchema = z.object({
  hash: z.string().regex(/^[0-9a-f]{8}$/),
  name: z.string().min(1),
  genotype: z.unknown().transform((value): Genotype => parseGenotype(value, "architecture card")),
  origin: originSchema,
  addedAt: z.iso.datetime(),
});
export type ArchitectureCard = Readonly<z.infer<typeof architectureCardSchema>>;

/** Opens the folder of architecture cards; their names are the hashes. */
export function openArchitectureCards(folder: string): CardFolder<ArchitectureCard> {
  return openCardFolder(folder, architectureCardSchema);
}
