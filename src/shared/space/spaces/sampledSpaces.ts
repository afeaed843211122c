import type { Random } from "#shared/random/random.ts";
import type { Decisions } from "#shared/space/candidates/candidateSpace.ts";

import { chainSpace } from "./chain/chainSpace.ts";
import { motifSpace } from "./motifs/motifSpace.ts";
import { resolutionSpace } from "./resolutions/resolutionSpace.ts";
import type { SampledSpace } from "./sampledSpace.ts";
import { type AnyGenotype, genotypeToJson } from "./spaces.ts";

/** The spaces that strategies ask for architectures one by one, by name. */
export const SAMPLED_SPACES = { chain: chainSpace, motifs: motifSpace, resolutions: resolutionSpace } as const;

export type SampledSpaceName = keyof typeof SAMPLED_SPACES;

/** A sampled space with its settings: what a strategy asks for candidates, whatever the space. */
export interface CandidateSource {
  readonly schema: AnyGenotype["schema"];
  readonly count: bigint;
  enumerate(): Iterable<AnyGenotype>;
  sample(random: Random): AnyGenotype;
  /** The next four throw an Error where the genotype is not of this space and its settings. */
  mutate(genotype: AnyGenotype, random: Random): AnyGenotype;
  neighbours(genotype: AnyGenotype): readonly AnyGenotype[];
  encode(genotype: AnyGenotype): number[];
  /** The choices that make a genotype one by one; null where it is no list of them. */
  readonly decisions: Decisions<AnyGenotype> | null;
  /** The same text for equal genotypes, another for every other. */
  key(genotype: AnyGenotype): string;
}

/** Opens a sampled space with settings, defaults for those not given. Throws a ZodError for settings that it does not take. */
export function openSampledSpace(name: SampledSpaceName, settings: unknown): CandidateSource {
  const openers: Readonly<Record<SampledSpaceName, () => CandidateSource>> = {
    chain: () => bind(SAMPLED_SPACES.chain, settings),
    motifs: () => bind(SAMPLED_SPACES.motifs, settings),
    resolutions: () => bind(SAMPLED_SPACES.resolutions, settings),
  };
  return openers[name]();
}

function bind<S, G extends AnyGenotype>(space: SampledSpace<S, G>, given: unknown): CandidateSource {
  const settings = space.settings.parse(given, { reportInput: true });
  const isOwn = (genotype: AnyGenotype): genotype is G => genotype.schema === space.schema;
  const own = (genotype: AnyGenotype): G => {
    if (isOwn(genotype)) return genotype;
    throw new Error(`space: a genotype must be a ${space.schema}, got a ${genotype.schema}`);
  };
  const decisions = space.decisions(settings);
  return {
    schema: space.schema,
    decisions: decisions === null ? null : { ...decisions, read: (genotype) => decisions.read(own(genotype)) },
    count: space.count(settings),
    enumerate: () => space.enumerate(settings),
    sample: (random) => space.sample(settings, random),
    mutate: (genotype, random) => space.mutate(settings, own(genotype), random),
    neighbours: (genotype) => space.neighbours(settings, own(genotype)),
    encode: (genotype) => space.encode(settings, own(genotype)),
    key: (genotype) => genotypeToJson(own(genotype)),
  };
}
