import { describe, expect, it } from "vitest";

import { createRandom } from "#shared/random/createRandom.ts";
import { type CandidateSource, openSampledSpace } from "#shared/space/spaces/sampledSpaces.ts";
import { parseAnyGenotype } from "#shared/space/spaces/spaces.ts";

const levels = [
  { motifs: 2, nodes: 3 },
  { motifs: 1, nodes: 3 },
];
const SPACES: readonly (readonly [string, CandidateSource])[] = [
  ["chain", openSampledSpace("chain", { layers: 3, dilations: [1, 2] })],
  ["motifs", openSampledSpace("motifs", { levels })],
  ["resolutions", openSampledSpace("resolutions", { layers: 4, nodes: 2 })],
];

describe.each(SPACES)("the sampled space %s", (_, space) => {
  it("lists as neighbours, each once and sound, what mutations lead to", () => {
    const random = createRandom(1);
    const genotype = space.sample(random);
    const keys = space.neighbours(genotype).map((each) => space.key(parseAnyGenotype(each, "neighbour")));
    const mutated = Array.from({ length: 3000 }, () => space.key(space.mutate(genotype, random)));
    expect(new Set(keys).size).toBe(keys.length);
    expect(keys).not.toContain(space.key(genotype));
    expect([...new Set(mutated)].toSorted()).toEqual(keys.toSorted());
  });

  it("has a way back from every neighbour", () => {
    const genotype = space.sample(createRandom(2));
    for (const neighbour of space.neighbours(genotype)) {
      expect(space.neighbours(neighbour).map((each) => space.key(each))).toContain(space.key(genotype));
    }
  });

  it("writes all genotypes as vectors of one length", () => {
    const random = createRandom(3);
    const lengths = Array.from({ length: 20 }, () => space.encode(space.sample(random)).length);
    expect(new Set(lengths).size).toBe(1);
  });
});

describe("opening a sampled space", () => {
  it("refuses genotypes of another space, and settings that it does not have", () => {
    const [[, chain], [, motifs]] = SPACES as [(typeof SPACES)[0], (typeof SPACES)[0]];
    expect(() => chain.mutate(motifs.sample(createRandom(1)), createRandom(1))).toThrow(
      "a genotype must be a hinas.chain, got a hinas.motifs",
    );
    expect(() => openSampledSpace("chain", { depth: 3 })).toThrow();
  });
});
