import { readFile } from "node:fs/promises";

import { toDiskError } from "#main/files/diskError.ts";
import { genotypeOfText } from "#shared/space/spaces/genotypeOfText.ts";
import type { AnyGenotype } from "#shared/space/spaces/spaces.ts";

/** Reads a genotype file, or one with a genotype as DARTS and HiNAS print it. Throws a LabError `bad_genotype`, `newer_version`, or of the disk. */
export async function readGenotypeFile(file: string): Promise<AnyGenotype> {
  const text = await readFile(file, "utf8").catch((cause: unknown) => {
    throw toDiskError(`genotype: ${file}`, cause);
  });
  return genotypeOfText(text, `genotype: ${file}`);
}
