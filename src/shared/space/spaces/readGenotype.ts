import { z } from "zod";

import { LabError } from "#shared/labError.ts";
import { shapeFault } from "#shared/space/cells/shapeFault.ts";

/** How genotypes of a space are checked: the version that this program writes, their shape, and what a shape cannot say. */
interface GenotypeCheck<G> {
  readonly version: number;
  readonly schema: z.ZodType<G>;
  /** Returns the first impossible thing, or null: `place must ..., got ...`. */
  readonly fault: (genotype: G) => string | null;
}

const headerSchema = z.object({ version: z.int() });

/**
 * Reads a genotype from plain data; `source` names the file or message in errors. Throws LabError `newer_version` for a
 * version this program does not know, and `bad_genotype` with place, expectation and value.
 */
export function readGenotype<G>(value: unknown, source: string, { version, schema, fault }: GenotypeCheck<G>): G {
  const header = headerSchema.safeParse(value);
  if (header.success && header.data.version > version) {
    throw new LabError(
      "newer_version",
      `${source}: version must be ${version} or lower, got ${header.data.version}: a newer HiNAS Lab wrote it`,
    );
  }
  const parsed = schema.safeParse(value, { reportInput: true });
  const found = parsed.success ? fault(parsed.data) : shapeFault(parsed.error.issues);
  if (!parsed.success || found !== null) throw new LabError("bad_genotype", `${source}: ${found}`);
  return parsed.data;
}
