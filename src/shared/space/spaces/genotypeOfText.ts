import { readGenotypeText } from "#shared/space/cells/genotypeText.ts";

import { type AnyGenotype, parseAnyGenotype } from "./spaces.ts";

/**
 * Reads the text of a genotype file, or a genotype as DARTS and HiNAS print it; `source` names it in errors. Throws LabError `bad_genotype`
 * or `newer_version`.
 */
export function genotypeOfText(text: string, source: string): AnyGenotype {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return readGenotypeText(text, source);
  }
  return Array.isArray(value) ? readGenotypeText(text, source) : parseAnyGenotype(value, source);
}
