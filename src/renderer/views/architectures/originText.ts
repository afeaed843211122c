import type { ArchitectureOrigin } from "#shared/api/architectures.ts";
import { at } from "#shared/at.ts";
import type { Genotype } from "#shared/space/cells/genotype.ts";
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

/** Writes a width path, e.g. `×1 → ×1.5 → ×2`. */
export function toPathText({ widthFactors, widthPath }: Genotype): string {
  return widthPath.map((level) => `×${at(widthFactors, level, "width levels")}`).join(" → ");
}
