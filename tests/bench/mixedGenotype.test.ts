import { describe, expect, it } from "vitest";

import { networkCost } from "#shared/space/graph/costModel.ts";
import { JOURNAL_PRIMITIVES } from "#shared/space/spaces/searchSpace.ts";

import { BENCH_GRAPH, BENCH_PLAN } from "./benchNetwork.ts";

describe("the network that is measured", () => {
  it("has about 0.32 million parameters at 20 filters", () => {
    expect(networkCost(BENCH_GRAPH).parameters / 1e6).toBeCloseTo(0.32, 2);
  });

  it("uses every primitive of the journal's space but none, so that its figures stay comparable", () => {
    const used = new Set(
      BENCH_PLAN.genotype.cells.flatMap(({ nodes }) => nodes.flat().map(({ primitive }) => primitive)),
    );
    expect([...used].toSorted()).toEqual(JOURNAL_PRIMITIVES.filter((name) => name !== "none").toSorted());
  });
});
