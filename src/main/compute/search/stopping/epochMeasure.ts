import { z } from "zod";

import type { ArchLogits } from "#shared/space/cells/archLogits.ts";
import { countSkips, edgeCertainties } from "#shared/space/cells/certainty.ts";
import type { Genotype } from "#shared/space/cells/genotype.ts";

/** What the rules for stopping look at, for each epoch behind the warm-up; a checkpoint keeps it. */
export const epochMeasureSchema = z.object({
  epoch: z.number(),
  /** Of the validation; null where the epoch was not validated. */
  score: z.number().nullable(),
  /** Skip connections that the cell of each layer would keep. */
  skips: z.array(z.int()),
  /** The best primitive of every edge, layer by layer. */
  winners: z.array(z.string()),
  /** The dominant eigenvalue of the Hessian of alpha; null where it was not measured. */
  eigenvalue: z.number().nullable(),
});
export type EpochMeasure = Readonly<z.infer<typeof epochMeasureSchema>>;

/** Measures what follows from the arch variables alone. */
export function measureArch(epoch: number, logits: ArchLogits, genotype: Genotype): EpochMeasure {
  return {
    epoch,
    score: null,
    skips: genotype.cells.map((cell) => countSkips({ ...genotype, cells: [cell] }).skips),
    winners: logits.alpha.flatMap((_, layer) => edgeCertainties(logits, layer).map(({ winner }) => winner)),
    eigenvalue: null,
  };
}
