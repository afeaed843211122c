import { describe, expect, it } from "vitest";

import { createCellsSpace } from "#shared/space/candidates/cellsSpace.ts";
import { createRandom } from "#shared/random/createRandom.ts";
import { parseGenotype } from "#shared/space/cells/genotype.ts";
import { planNetwork } from "#shared/space/spaces/networkPlan.ts";
import { searchSpaceSchema } from "#shared/space/spaces/searchSpace.ts";
import { buildNetworkGraph } from "#shared/space/spaces/spaces.ts";

const spaceOf = (settings: object) => searchSpaceSchema.parse(settings);
const SMALL = { layers: 2, nodes: 2, widthFactors: [1, 2], primitives: ["conv_3x3", "skip_connect", "none"] };

describe.each(["widths", "scales"])("the space of cells, %s", (kind) => {
  const space = createCellsSpace(spaceOf(kind === "scales" ? { ...SMALL, kind, layers: 3 } : SMALL));

  it("draws, changes and reads back genotypes that are sound and build", () => {
    const random = createRandom(0, kind);
    let genotype = space.sample(random);
    for (let step = 0; step < 300; step++) {
      const changed = space.mutate(genotype, random);
      expect(space.key(changed)).not.toBe(space.key(genotype));
      expect(parseGenotype(changed, "test")).toEqual(changed);
      expect(space.parse(JSON.parse(JSON.stringify(changed)), "test")).toEqual(changed);
      genotype = changed;
    }
    expect(buildNetworkGraph(planNetwork(genotype, { filters: 2 })).nodes.length).toBeGreaterThan(10);
  });

  it("has a change to each neighbour, and each is one choice away", () => {
    const genotype = space.sample(createRandom(1));
    const own = space.decisions!.read(genotype);
    const around = space.neighbours(genotype).map((each) => space.decisions!.read(each));
    for (const other of around) expect(other.filter((option, index) => option !== own[index])).toHaveLength(1);
    expect(new Set(around.map(String)).size).toBe(around.length);
  });
});

describe("the space of cells", () => {
  it("counts what walking from neighbour to neighbour comes to", () => {
    const space = createCellsSpace(spaceOf({ ...SMALL, layers: 1 }));
    const found = new Map([space.sample(createRandom(0))].map((each) => [space.key(each), each]));
    for (const each of found.values()) for (const next of space.neighbours(each)) found.set(space.key(next), next);
    // Node 0 reads both inputs, node 1 two of three states; 2 primitives on 4 edges; 2 width levels.
    expect(found.size).toBe(3 * 2 ** 4 * 2);
    expect(space.size).toBe(found.size);
  });

  it("has the published number of cells and width paths", () => {
    // Science notes 1.3: 302,330,880 cells, 12 width paths.
    expect(createCellsSpace(spaceOf({})).size).toBe(302_330_880 ** 3 * 12);
  });

  it("draws all width paths equally often", () => {
    const space = createCellsSpace(spaceOf({ layers: 3, nodes: 1, primitives: ["conv_3x3"] }));
    const random = createRandom(3);
    const counts = new Map<string, number>();
    for (let draw = 0; draw < 6000; draw++) {
      const path = space.sample(random).widthPath.join();
      counts.set(path, (counts.get(path) ?? 0) + 1);
    }
    expect(counts.size).toBe(12);
    for (const count of counts.values()) expect(Math.abs(count - 500)).toBeLessThan(5 * Math.sqrt(500));
  });

  it("encodes the ways through each cell and the width levels", () => {
    const space = createCellsSpace(spaceOf({ ...SMALL, layers: 1 }));
    const genotype = space.decisions!.build([0, 0, 1, 1, 0, 0, 1])!;
    expect(genotype.cells[0]!.nodes).toEqual([
      [
        { from: "s1", primitive: "conv_3x3" },
        { from: "s0", primitive: "skip_connect" },
      ],
      [
        { from: "s1", primitive: "conv_3x3" },
        { from: "node_0", primitive: "conv_3x3" },
      ],
    ]);
    expect(space.encode(genotype).toSorted()).toEqual(
      [
        ...["0 s1", "0 s0", "0 s1 conv_3x3", "0 s0 skip_connect"],
        ...["0 s1 conv_3x3 conv_3x3", "0 s0 skip_connect conv_3x3", "0 level 1"],
      ].toSorted(),
    );
  });
});
