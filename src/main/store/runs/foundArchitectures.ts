import { genotypeHash } from "#shared/space/spaces/spaces.ts";

import { type ArchitectureCard, describeDerived, describeTrained } from "#main/store/cards/architectureCards.ts";
import type { RunManifest } from "./runFiles.ts";
import type { DerivedGenotype } from "./runProducts.ts";

/** What a run's folder tells of architectures. */
export interface RunArchitectures {
  readonly manifest: RunManifest;
  readonly derived: readonly DerivedGenotype[];
}

/**
 * Makes cards of all architectures that runs know, more than one where several know it: what was derived from searches,
 * oldest first, then what was trained. The first of a hash tells best where the architecture is from.
 */
export function toFoundCards(runs: readonly RunArchitectures[]): readonly ArchitectureCard[] {
  return [...runs.flatMap(toDerivedCards).toSorted(byAge), ...runs.flatMap(toTrainedCard).toSorted(byAge)];
}

/** Makes cards of what was derived from a search. */
export function toDerivedCards({ manifest, derived }: RunArchitectures): readonly ArchitectureCard[] {
  return derived.map(({ row, genotype }) => ({
    hash: row.hash,
    genotype,
    ...describeDerived(manifest, row.epoch),
    addedAt: row.derivedAt,
  }));
}

function toTrainedCard({ manifest }: RunArchitectures): readonly ArchitectureCard[] {
  if (manifest.kind !== "train") return [];
  const { genotype, dataset, createdAt } = manifest;
  const hash = genotypeHash(genotype);
  return [{ hash, genotype, ...describeTrained(genotype, dataset.name), addedAt: createdAt }];
}

function byAge(a: ArchitectureCard, b: ArchitectureCard): number {
  return a.addedAt.localeCompare(b.addedAt);
}
