import { z } from "zod";

import { type AnyGenotype, parseAnyGenotype } from "#shared/space/spaces/spaces.ts";

/** A genotype of any space as an argument; throws LabError `bad_genotype` or `newer_version` as `parseAnyGenotype` does. */
export const genotypeArgument = z
  .custom<AnyGenotype>()
  .transform((value): AnyGenotype => parseAnyGenotype(value, "genotype"));
