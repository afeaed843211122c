import { z } from "zod";

import { type Genotype, parseGenotype } from "#shared/space/cells/genotype.ts";

/** A genotype as an argument; throws LabError `bad_genotype` or `newer_version` as `parseGenotype` does. */
export const genotypeArgument = z.custom<Genotype>().transform((value): Genotype => parseGenotype(value, "genotype"));
