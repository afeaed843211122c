import { LabError } from "#shared/labError.ts";
import type { CandidateSource } from "#shared/space/spaces/sampledSpaces.ts";
import { type AnyGenotype, genotypeHash, parseAnyGenotype } from "#shared/space/spaces/spaces.ts";

import type { CandidateSpace } from "./candidateSpace.ts";

/** Lets strategies choose from a sampled space with its settings. */
export function toCandidateSpace(source: CandidateSource): CandidateSpace<AnyGenotype> {
  return {
    size: Number(source.count),
    sample: (random) => source.sample(random),
    mutate: (genotype, random) => source.mutate(genotype, random),
    neighbours: (genotype) => source.neighbours(genotype),
    encode: (genotype) => source.encode(genotype).flatMap((value, place) => (value === 0 ? [] : [`choice ${place}`])),
    key: (genotype) => source.key(genotype),
    parse: (value, from) => {
      const genotype = parseAnyGenotype(value, from);
      try {
        source.encode(genotype);
        return genotype;
      } catch (cause) {
        const what = `${from}: the architecture ${genotypeHash(genotype)} is not of the space that the settings say`;
        throw new LabError("bad_genotype", what, { cause });
      }
    },
    decisions: source.decisions,
  };
}
