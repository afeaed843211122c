import { describe, expect, it } from "vitest";

import { createRandom } from "#shared/random/createRandom.ts";
import { chainSettingsSchema, chainSpace } from "#shared/space/spaces/chain/chainSpace.ts";
import { type ChainGenotype, parseGenotype } from "#shared/space/spaces/chain/genotype.ts";
import { genotypeToJson } from "#shared/space/spaces/spaces.ts";

const settingsOf = (given: object) => chainSettingsSchema.parse(given);
const small = settingsOf({
  layers: 2,
  primitives: ["conv_3x3", "sep_conv_3x3"],
  widthFactors: [1, 2],
  dilations: [1, 3],
});

/** What two chains decide differently, by layer and key. */
function differences(first: ChainGenotype, second: ChainGenotype): string[] {
  return first.layers.flatMap((layer, index) =>
    (Object.keys(layer) as (keyof typeof layer)[])
      .filter((key) => layer[key] !== second.layers[index]?.[key])
      .map((key) => `${index}.${key}`),
  );
}

describe("the space of chains", () => {
  it.each([
    // Per layer two primitives, two widths, two dilations; the first layer skips from nothing or the stem, the second also from the first.
    [small, 2 ** 3 * 2 * (2 ** 3 * 3)],
    [settingsOf({ layers: 3, primitives: ["conv_3x3"], widthFactors: [1], dilations: [1] }), 2 * 3 * 4],
    [settingsOf({ layers: 2, skips: false }), (3 * 3 * 3) ** 2],
  ])("counts what enumeration finds, each once and sound: settings %#", (settings, expected) => {
    const texts = new Set<string>();
    for (const genotype of chainSpace.enumerate(settings)) {
      texts.add(genotypeToJson(parseGenotype(genotype, "enumerated")));
    }
    expect(texts.size).toBe(expected);
    expect(chainSpace.count(settings)).toBe(BigInt(expected));
  });

  it("draws every genotype about as often as every other, and the same from the same seed", () => {
    const seen = new Map<string, number>();
    const random = createRandom(1);
    for (let draw = 0; draw < 20_000; draw++) {
      const text = genotypeToJson(chainSpace.sample(small, random));
      seen.set(text, (seen.get(text) ?? 0) + 1);
    }
    expect(seen.size).toBe(Number(chainSpace.count(small)));
    // 20,000 draws among 384: 52 of each, give or take 7.
    expect(Math.min(...seen.values())).toBeGreaterThan(20);
    expect(Math.max(...seen.values())).toBeLessThan(95);
    expect(chainSpace.sample(small, createRandom(5))).toEqual(chainSpace.sample(small, createRandom(5)));
  });

  it("changes one decision at a time, all of them in turn, and stays sound", () => {
    const random = createRandom(2);
    const settings = settingsOf({ layers: 4 });
    const changed = new Set<string>();
    let genotype = chainSpace.sample(settings, random);
    for (let mutation = 0; mutation < 2000; mutation++) {
      const next = parseGenotype(chainSpace.mutate(settings, genotype, random), "mutated");
      const found = differences(genotype, next);
      expect(found).toHaveLength(1);
      changed.add(found.join());
      genotype = next;
    }
    expect(changed.size).toBe(4 * 4);
  });

  it("writes genotypes as vectors of one length, equal for equal ones alone", () => {
    const vectors = [...chainSpace.enumerate(small)].map((genotype) => chainSpace.encode(small, genotype).join(""));
    expect(new Set(vectors).size).toBe(vectors.length);
    const length = 3 * 2 + 2 + (3 * 2 + 3);
    for (const vector of vectors) expect(vector).toMatch(new RegExp(`^[01]{${length}}$`));
  });

  it("writes a 1 at each choice", () => {
    const genotype = [...chainSpace.enumerate(small)].at(-1)!;
    expect(chainSpace.encode(small, genotype)).toEqual([0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 0, 1]);
  });

  it("refuses to change or write a genotype of other settings, and says why", () => {
    const other = chainSpace.sample(settingsOf({ layers: 3 }), createRandom(1));
    expect(() => chainSpace.encode(small, other)).toThrow("must have 2 layers as the settings say, got 3");
    const wide = chainSpace.sample(settingsOf({ layers: 2, dilations: [7] }), createRandom(1));
    expect(() => chainSpace.mutate(small, wide, createRandom(1))).toThrow("must be one of");
  });
});
