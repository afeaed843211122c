import { readFileSync } from "node:fs";

import { describe, expect, it } from "vitest";

import { networkCost } from "#shared/space/graph/costModel.ts";
import { parseGenotype } from "#shared/space/cells/genotype.ts";
import { PRIMITIVES } from "#shared/space/cells/primitives.ts";
import { buildNetworkGraph } from "#shared/space/spaces/widths/buildNetworkGraph.ts";
import { planNetwork } from "#shared/space/spaces/widths/networkPlan.ts";

const file = new URL("./mixedGenotype.json", import.meta.url);
const genotype = parseGenotype(JSON.parse(readFileSync(file, "utf8")), "mixedGenotype.json");

describe("the genotype that is measured", () => {
  it("has about 0.32 million parameters at 20 filters", () => {
    expect(networkCost(buildNetworkGraph(planNetwork(genotype, { filters: 20 }))).parameters / 1e6).toBeCloseTo(
      0.32,
      2,
    );
  });

  it("uses every primitive but none", () => {
    const used = new Set(genotype.cells.flatMap(({ nodes }) => nodes.flat().map(({ primitive }) => primitive)));
    expect([...used].toSorted()).toEqual(PRIMITIVES.filter((name) => name !== "none").toSorted());
  });
});
