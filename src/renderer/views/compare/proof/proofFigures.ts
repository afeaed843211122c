import type { ProofSheet } from "#shared/api/proofSheets.ts";

/** Counts the pairs of a sheet's pictures of which PSNR too prefers the one that was ranked better; null where nobody measured it. */
export function countAgreeingPairs({ proofs }: Pick<ProofSheet, "proofs">): {
  readonly agreeing: number;
  readonly pairs: number;
} | null {
  const ranked = proofs.toSorted((a, b) => a.rank - b.rank).map(({ psnrDb }) => psnrDb);
  if (ranked.includes(null)) return null;
  const figures = ranked.flatMap((psnrDb) => psnrDb ?? []); // none is null
  const pairs = figures.flatMap((better, index) => figures.slice(index + 1).map((worse) => better > worse));
  return { agreeing: pairs.filter((agrees) => agrees).length, pairs: pairs.length };
}
