import type { ArchitectureOrigin, SearchScore } from "#shared/api/architectures.ts";
import { at } from "#shared/at.ts";
import type { Genotype } from "#shared/space/cells/genotype.ts";
import { formatPsnr } from "#renderer/format/numbers.ts";
import { texts } from "#renderer/texts/texts.ts";

/** Says in a few words where an architecture came from. */
export function toOriginText(origin: ArchitectureOrigin): string {
  switch (origin.kind) {
    case "derived":
      return texts.architectures.epochOf(origin.epoch, origin.runName);
    case "imported":
      return texts.architectures.from(origin.source);
    case "edited":
      return origin.change;
  }
}

/** Writes what a search thought of an architecture: the validation PSNR where there was one, else the score of its estimator. */
export function toScoreText(searchScore: SearchScore | null): string {
  if (searchScore === null) return texts.status.none;
  return searchScore.psnrDb === null ? searchScore.score.toFixed(4) : formatPsnr(searchScore.psnrDb);
}

/** Returns what the search that an architecture was derived from thought of it; null where none did. */
export function scoreOf(origin: ArchitectureOrigin): SearchScore | null {
  return (origin.kind === "derived" ? origin.searchScore : null) ?? null;
}

/** Writes a width path, e.g. `×1 → ×1.5 → ×2`. */
export function toPathText({ widthFactors, widthPath }: Genotype): string {
  return widthPath.map((level) => `×${at(widthFactors, level, "width levels")}`).join(" → ");
}
