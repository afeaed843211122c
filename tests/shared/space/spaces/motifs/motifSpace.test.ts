import { describe, expect, it } from "vitest";

import { createRandom } from "#shared/random/createRandom.ts";
import { flatten } from "#shared/space/spaces/motifs/flatten.ts";
import { type MotifGenotype, parseGenotype } from "#shared/space/spaces/motifs/genotype.ts";
import { motifSettingsSchema, motifSpace } from "#shared/space/spaces/motifs/motifSpace.ts";
import { genotypeToJson } from "#shared/space/spaces/spaces.ts";

const settingsOf = (given: object) => motifSettingsSchema.parse(given);
const PAPER = settingsOf({
  levels: [
    { motifs: 6, nodes: 4 },
    { motifs: 1, nodes: 5 },
  ],
});
const small = settingsOf({
  primitives: ["conv_3x3", "skip_connect"],
  levels: [
    { motifs: 2, nodes: 3 },
    { motifs: 1, nodes: 3 },
  ],
});

/** The edges of all motifs as texts. */
function edgesOf({ levels }: MotifGenotype): string[] {
  return levels.flatMap((motifs, level) =>
    motifs.flatMap(({ edges }, motif) => edges.map(({ from, to, op }) => `${level}.${motif} ${from} ${to} ${op}`)),
  );
}

/** Walks from a node along edges, without the code under test. */
function reachable(edges: readonly { readonly from: string; readonly to: string }[], start: string): Set<string> {
  const seen = new Set([start]);
  for (let size = -1; size !== seen.size;) {
    size = seen.size;
    for (const { from, to } of edges) if (seen.has(from)) seen.add(to);
  }
  return seen;
}

describe("the space of motifs", () => {
  it.each([
    // Of three nodes connect the way over the middle, and the same with the edge past it: 2 ** 2 + 2 ** 3 with two ops.
    [small, (4 + 8) ** 3],
    [settingsOf({ primitives: ["conv_3x3"], levels: [{ motifs: 1, nodes: 4 }] }), 10],
    [settingsOf({ primitives: ["conv_3x3", "skip_connect"], levels: [{ motifs: 1, nodes: 2 }] }), 2],
  ])("counts what enumeration finds, each once and sound: settings %#", (settings, expected) => {
    const texts = new Set<string>();
    let found = 0;
    for (const genotype of motifSpace.enumerate(settings)) {
      texts.add(genotypeToJson(parseGenotype(genotype, "enumerated")));
      found++;
    }
    expect(found).toBe(texts.size);
    expect(motifSpace.count(settings)).toBe(BigInt(texts.size));
    expect(texts.size).toBe(expected);
  });

  it("draws every genotype, and the same from the same seed", () => {
    const random = createRandom(1);
    const seen = new Set(Array.from({ length: 25_000 }, () => genotypeToJson(motifSpace.sample(small, random))));
    expect(seen.size).toBe(12 ** 3);
    expect(motifSpace.sample(PAPER, createRandom(4))).toEqual(motifSpace.sample(PAPER, createRandom(4)));
  });

  it("stays acyclic and connected over 10,000 mutations, each of which adds, changes or drops one edge", () => {
    const random = createRandom(3);
    const faults: string[] = [];
    const kinds = { added: 0, changed: 0, dropped: 0 };
    let genotype = motifSpace.sample(PAPER, random);
    for (let mutation = 1; mutation <= 10_000; mutation++) {
      const next = motifSpace.mutate(PAPER, genotype, random);
      const [before, after] = [edgesOf(genotype), edgesOf(next)];
      const gone = before.filter((edge) => !after.includes(edge)).length;
      const come = after.filter((edge) => !before.includes(edge)).length;
      if (gone > 1 || come > 1 || gone + come === 0) faults.push(`mutation ${mutation}: ${gone} gone, ${come} come`);
      if (gone + come === 2) kinds.changed++;
      else if (come === 1) kinds.added++;
      else kinds.dropped++;
      for (const { nodes, edges } of next.levels.flat()) {
        const named = edges.map(({ from, to }) => ({ from: String(from), to: String(to) }));
        const reversed = named.map(({ from, to }) => ({ from: to, to: from }));
        // All edges lead on, so that there is no way round.
        if (edges.some(({ from, to }) => from >= to)) faults.push(`mutation ${mutation}: an edge leads back`);
        const reached = [reachable(named, "0"), reachable(reversed, String(nodes - 1))];
        if (reached.some(({ size }) => size !== nodes)) faults.push(`mutation ${mutation}: a node is loose`);
      }
      // The flat cell of all of them would cost a minute.
      if (mutation % 200 === 0) {
        const flat = flatten(parseGenotype(next, "mutated"));
        const place = new Map(flat.nodes.map((node, index) => [node, index]));
        for (const { from, to } of flat.edges) expect(place.get(from)!).toBeLessThan(place.get(to)!);
        expect(reachable(flat.edges, "0").size).toBe(flat.nodes.length);
      }
      genotype = next;
    }
    expect(faults).toEqual([]);
    for (const count of Object.values(kinds)) expect(count).toBeGreaterThan(500);
  });

  it("has nothing to change where there is one genotype alone", () => {
    const one = settingsOf({ primitives: ["conv_3x3"], levels: [{ motifs: 1, nodes: 2 }] });
    const genotype = motifSpace.sample(one, createRandom(1));
    expect(motifSpace.mutate(one, genotype, createRandom(1))).toEqual(genotype);
  });

  it("writes genotypes as vectors of one length, equal for equal ones alone", () => {
    const vectors = [...motifSpace.enumerate(small)].map((genotype) => motifSpace.encode(small, genotype).join(""));
    expect(new Set(vectors).size).toBe(vectors.length);
    // Three motifs, three pairs of nodes, none and two ops.
    for (const vector of vectors) expect(vector).toMatch(/^[01]{27}$/);
  });

  it("refuses a genotype of other settings, and sizes that would give too large a cell", () => {
    expect(() => motifSpace.encode(small, motifSpace.sample(PAPER, createRandom(1)))).toThrow(
      "must have motifs of 3, 3, 3 nodes as the settings say, got 4, 4, 4, 4, 4, 4, 5",
    );
    const large = [6, 6, 6].map((nodes) => ({ motifs: 1, nodes }));
    expect(() => settingsOf({ levels: large })).toThrow("must give a cell of at most 600 edges");
  });
});
