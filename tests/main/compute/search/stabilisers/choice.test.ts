import { describe, expect, it } from "vitest";

import { type Choosing, countOpenPicks, pickOnce } from "#main/compute/search/stabilisers/choice.ts";
import { createRandom } from "#shared/random/createRandom.ts";
import { searchConfigSchema } from "#shared/runs/config.ts";
import { countEpochs, countPicks } from "#shared/runs/searchEpochs.ts";
import { deriveGenotype } from "#shared/space/cells/derive.ts";
import { DROPPED_LOGIT } from "#shared/space/cells/opWeights.ts";

import { numbersOf } from "#tests/main/compute/job/jobs.ts";
import { configOf } from "#tests/main/compute/search/tinySearch.ts";
import { searchBroken, searchWhole } from "#tests/main/compute/search/wholeAndBroken.ts";

/** A supernet whose loss rises by a known amount for each primitive that is taken away. */
function knownSupernet(worth: readonly (readonly number[])[]): Choosing & { readonly left: () => string[] } {
  const alpha = worth.map((row) => row.map(() => 1));
  const primitives = ["conv_3x3", "skip_connect", "none"] as const;
  return {
    primitives,
    nodes: 2,
    rows: () => alpha,
    lossWithout: (row, gone) => gone.reduce((loss, primitive) => loss + worth[row]![primitive]!, 1),
    drop: (row, gone) => {
      for (const primitive of gone) alpha[row]![primitive] = DROPPED_LOGIT;
    },
    left: () => alpha.map((row) => primitives.filter((_, p) => row[p] !== DROPPED_LOGIT).join()),
  };
}

describe("a choice by perturbation", () => {
  it("takes for each edge the primitive that is missed most, and for each node the two edges", () => {
    const supernet = knownSupernet([
      [1, 2, 9],
      [3, 1, 9],
      [5, 1, 0],
      [1, 4, 0],
      [3, 2, 0],
    ]);
    expect(countOpenPicks(supernet)).toBe(5 + 1);
    const said = Array.from({ length: 6 }, (_, pick) => pickOnce(supernet, createRandom(pick, "test choice")));
    // The second node has three edges, whose primitives are worth 5, 4 and 3.
    expect(supernet.left()).toEqual(["skip_connect", "conv_3x3", "conv_3x3", "skip_connect", ""]);
    expect(said.at(-1)).toBe("of 3 edges there stay s1 -> node_1 in layer 0 and s0 -> node_1 in layer 0");
    expect(countOpenPicks(supernet)).toBe(0);
    expect(pickOnce(supernet, createRandom(1, "test choice"))).toBeNull();
  });

  it("has a pick for every edge, and for every node with more edges than it keeps", () => {
    const { space } = searchConfigSchema.parse({});
    expect(countPicks(space)).toBe(3 * (14 + 3));
    expect(countPicks({ ...space, alphaSharing: "tied" })).toBe(14 + 3);
    const epochs = (choice: object) => countEpochs(searchConfigSchema.parse({ search: { stabilisers: { choice } } }));
    expect(epochs({ kind: "alpha" })).toBe(100);
    expect(epochs({ kind: "perturbation", tuneEpochs: 2 })).toBe(100 + 2 * 50);
    expect(epochs({ kind: "perturbation", tuneEpochs: 0 })).toBe(100);
  });

  it("goes on between two picks after a stop, and ends with the one architecture that was chosen as the best", async () => {
    const choice = { kind: "perturbation", batches: 1 };
    const config = configOf(
      { stabilisers: { choice }, checkpointEverySteps: 1 },
      { primitives: ["conv_3x3", "skip_connect", "none"] },
    );
    // Four epochs of two steps, four edges and so three times an epoch between picks.
    const total = 2 * (4 + 3);
    const whole = await searchWhole(config);
    const broken = await searchBroken(config, 11);
    expect(numbersOf(broken.events)).toEqual(numbersOf(whole.events));
    expect(broken.last).toEqual(whole.last);
    const archs = whole.events.flatMap((event) => (event.type === "arch" ? [event.arch] : []));
    const undecided = archs.map(({ alpha }) => alpha.flat().filter((row) => !row.includes(DROPPED_LOGIT)).length);
    expect(undecided).toEqual([4, 4, 4, 3, 2, 1, 0]);
    const best = whole.events.flatMap((event) => (event.type === "validation" && event.isBest ? [event.step] : []));
    expect(best).toEqual([total]);
    expect(whole.events.findLast((event) => event.type === "candidate")).toMatchObject({
      genotype: deriveGenotype(archs.at(-1)!, [1, 1.5]),
    });
  });
});
