import { describe, expect, it } from "vitest";

import { createRandom } from "#shared/random/createRandom.ts";
import { type Genotype, parseGenotype } from "#shared/space/cells/genotype.ts";
import { countPaths } from "#shared/space/spaces/resolutions/paths.ts";
import { resolutionSettingsSchema, resolutionSpace } from "#shared/space/spaces/resolutions/resolutionSpace.ts";
import { genotypeToJson } from "#shared/space/spaces/spaces.ts";

const settingsOf = (given: object) => resolutionSettingsSchema.parse(given);
const small = settingsOf({ layers: 3, levels: 3, nodes: 1, primitives: ["conv_3x3", "skip_connect"] });

/** How many layers and nodes differ between two genotypes. */
function differences(first: Genotype, second: Genotype): number {
  const layers = first.widthPath.filter((level, layer) => level !== second.widthPath[layer]).length;
  const [before, after] = [first, second].map(({ cells }) => cells[0]!.nodes.map((edges) => JSON.stringify(edges)));
  const nodes = before!.filter((edges, node) => edges !== after![node]).length;
  return layers + nodes;
}

describe("the space of resolutions", () => {
  it.each([
    // 12 paths of three layers over three levels, and two primitives on both edges of the one node.
    [small, 12 * 4],
    // Two nodes: one pair of states, then three.
    [settingsOf({ layers: 1, levels: 2, nodes: 2, primitives: ["conv_3x3", "skip_connect"] }), 2 * 4 * (3 * 4)],
    [settingsOf({ layers: 4, levels: 3, nodes: 1, primitives: ["conv_3x3"] }), 29],
  ])("counts what enumeration finds, each once and sound: settings %#", (settings, expected) => {
    const genotypes = [...resolutionSpace.enumerate(settings)];
    const texts = new Set(genotypes.map((genotype) => genotypeToJson(parseGenotype(genotype, "enumerated"))));
    expect(texts.size).toBe(genotypes.length);
    expect(resolutionSpace.count(settings)).toBe(BigInt(genotypes.length));
    expect(genotypes.length).toBe(expected);
  });

  it("draws each path about as often as every other", () => {
    const random = createRandom(1);
    const seen = new Map<string, number>();
    for (let draw = 0; draw < 4800; draw++) {
      const path = resolutionSpace.sample(small, random).widthPath.join();
      seen.set(path, (seen.get(path) ?? 0) + 1);
    }
    expect(seen.size).toBe(Number(countPaths(3, 3)));
    // 4,800 draws among 12: 400 of each, give or take 19.
    for (const count of seen.values()) expect(Math.abs(count - 400)).toBeLessThan(90);
  });

  it("changes the stride of one layer or one node of the cell at a time, and stays sound", () => {
    const random = createRandom(2);
    const settings = settingsOf({ layers: 6, levels: 4 });
    const levels = new Set<string>();
    let genotype = resolutionSpace.sample(settings, random);
    for (let mutation = 0; mutation < 1000; mutation++) {
      const next = parseGenotype(resolutionSpace.mutate(settings, genotype, random), "mutated");
      expect(differences(genotype, next)).toBe(1);
      next.widthPath.forEach((level, layer) => levels.add(`${layer} ${level}`));
      genotype = next;
    }
    // Every place of the trellis: two levels in the first layer, three in the second, then four.
    expect(levels.size).toBe(2 + 3 + 4 * 4);
  });

  it("writes genotypes as vectors of one length, equal for equal ones alone", () => {
    const vectors = [...resolutionSpace.enumerate(small)].map((genotype) =>
      resolutionSpace.encode(small, genotype).join(""),
    );
    expect(new Set(vectors).size).toBe(vectors.length);
    // Three levels of three layers, one pair of states, two primitives on two edges.
    for (const vector of vectors) expect(vector).toMatch(/^[01]{14}$/);
  });

  it("refuses a genotype of other settings, and says why", () => {
    const other = resolutionSpace.sample(settingsOf({}), createRandom(1));
    expect(() => resolutionSpace.encode(small, other)).toThrow(
      "must have 3 layers, width factors 1, 2, 4 and cells of 1 nodes as the settings say, got 5 layers",
    );
  });
});
