import { z } from "zod";

import { createCellsSpace } from "#shared/space/candidates/cellsSpace.ts";
import type { CandidateSpace } from "#shared/space/candidates/candidateSpace.ts";
import { toCandidateSpace } from "#shared/space/candidates/sampledCandidates.ts";
import type { Genotype } from "#shared/space/cells/genotype.ts";
import { chainSettingsSchema } from "#shared/space/spaces/chain/chainSpace.ts";
import { motifSettingsSchema } from "#shared/space/spaces/motifs/motifSpace.ts";
import { openSampledSpace } from "#shared/space/spaces/sampledSpaces.ts";
import type { SearchSpace } from "#shared/space/spaces/searchSpace.ts";
import { type AnyGenotype, asCells } from "#shared/space/spaces/spaces.ts";

const cells = z.strictObject({ kind: z.literal("cells") });
const chain = z.strictObject({ kind: z.literal("chain"), ...chainSettingsSchema.shape });
const motifs = z.strictObject({ kind: z.literal("motifs"), ...motifSettingsSchema.shape });

/** What a strategy that chooses architectures one by one chooses from: one variant per space. */
export const candidatesSchema = z
  .discriminatedUnion("kind", [cells, chain, motifs])
  .describe(
    "What a strategy that chooses one by one chooses from. cells: those that the space describes. chain: layers in a row, each with its primitive, width, dilation and skip; motifs: hierarchies of small graphs. Of the space these two read filters and what comes in, nothing of cells.",
  );

export type CandidateKinds = Readonly<z.infer<typeof candidatesSchema>>;

/** Opens what a search's strategy chooses from. */
export function openCandidateSpace(space: SearchSpace, candidates: CandidateKinds): CandidateSpace<AnyGenotype> {
  if (candidates.kind === "cells") return forAnyGenotype(createCellsSpace(space));
  const { kind, ...settings } = candidates;
  return toCandidateSpace(openSampledSpace(kind, settings));
}

function forAnyGenotype(space: CandidateSpace<Genotype>): CandidateSpace<AnyGenotype> {
  const own = (genotype: AnyGenotype): Genotype => {
    const found = asCells(genotype);
    if (found === null) throw new Error(`candidates: an architecture must be of cells, got a ${genotype.schema}`);
    return found;
  };
  const { decisions } = space;
  return {
    ...space,
    mutate: (genotype, random) => space.mutate(own(genotype), random),
    neighbours: (genotype) => space.neighbours(own(genotype)),
    encode: (genotype) => space.encode(own(genotype)),
    key: (genotype) => space.key(own(genotype)),
    decisions: decisions === null ? null : { ...decisions, read: (genotype) => decisions.read(own(genotype)) },
  };
}
