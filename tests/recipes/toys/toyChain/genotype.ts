import { z } from "zod";

import { LabError } from "#shared/labError.ts";
import { shapeFault } from "#shared/space/cells/shapeFault.ts";

const genotypeSchema = z.strictObject({
  schema: z.literal("toy.chain"),
  version: z.literal(1),
  /** Sides of the filters, from first to last. */
  sides: z.array(z.literal([1, 3, 5])).min(1),
});

/** A chain of convolutions. */
export type ToyGenotype = Readonly<z.infer<typeof genotypeSchema>>;

/** Reads a chain from plain data. Throws LabError `bad_genotype`. */
export function parseToy(value: unknown, source: string): ToyGenotype {
  const parsed = genotypeSchema.safeParse(value, { reportInput: true });
  if (!parsed.success) throw new LabError("bad_genotype", `${source}: ${shapeFault(parsed.error.issues)}`);
  return parsed.data;
}

/** Copies a chain with its keys in a fixed order. */
export function orderToy({ schema, version, sides }: ToyGenotype): ToyGenotype {
  return { schema, version, sides };
}

/** Says in one line per filter how large it is. */
export function explainToy({ sides }: ToyGenotype): string[] {
  return sides.map((side, index) => `link ${index}: ${side}x${side}`);
}
