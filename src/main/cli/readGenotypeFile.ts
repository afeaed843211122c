import { readFile } from "node:fs/promises";

import { toDiskError } from "#main/files/diskError.ts";
import { LabError } from "#shared/labError.ts";
import { parseGenotype, type Genotype } from "#shared/space/cells/genotype.ts";

/** Reads a genotype file. Throws a LabError `bad_genotype`, `newer_version`, or of the disk. */
export async function readGenotypeFile(file: string): Promise<Genotype> {
  const text = await readFile(file, "utf8").catch((cause: unknown) => {
    throw toDiskError(`genotype: ${file}`, cause);
  });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new LabError("bad_genotype", `genotype: ${file} must be JSON, got ${JSON.stringify(text.slice(0, 40))}`, {
      cause,
    });
  }
  return parseGenotype(value, file);
}
