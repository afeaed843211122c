import type { DerivedArchitecture } from "#shared/api/architectures.ts";

/** Says in lines what was derived and where its files are. */
export function listDerived({ epoch, hash, genotypeFile, drawingFile }: DerivedArchitecture): readonly string[] {
  return [`epoch     ${epoch}`, `genotype  ${hash}`, `          ${genotypeFile}`, `drawing   ${drawingFile}`];
}
