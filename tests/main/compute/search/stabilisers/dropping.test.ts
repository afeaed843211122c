import { describe, expect, it } from "vitest";

import { ArchVariables } from "#main/compute/search/archVariables.ts";
import { keptPrimitives, weakestPrimitives } from "#main/compute/search/stabilisers/dropping.ts";
import { searchConfigSchema } from "#shared/runs/config.ts";
import { deriveGenotype } from "#shared/space/cells/derive.ts";
import { DROPPED_LOGIT, toOpWeights } from "#shared/space/cells/opWeights.ts";
import { softmax } from "#shared/space/cells/softmax.ts";

import { configOf } from "#tests/main/compute/search/tinySearch.ts";
import { searchWhole } from "#tests/main/compute/search/wholeAndBroken.ts";

describe("dropping primitives", () => {
  it("keeps fewer from stage to stage, in stages of equal length", () => {
    const kept = [0, 0.32, 0.34, 0.66, 0.67, 1].map((share) => keptPrimitives([5, 3], share));
    expect(kept).toEqual([null, null, 5, 5, 3, 3]);
    expect(keptPrimitives([], 1)).toBeNull();
  });

  it("drops the weakest, of equals the last, and never the last primitive besides none", () => {
    const primitives = ["conv_3x3", "skip_connect", "none"] as const;
    expect(weakestPrimitives(primitives, [1, 3, 2], 2)).toEqual([0]);
    expect(weakestPrimitives(primitives, [1, 1, 1], 2)).toEqual([2]);
    expect(weakestPrimitives(primitives, [1, 0, 9], 1).toSorted()).toEqual([1, 2]);
    expect(weakestPrimitives(primitives, [DROPPED_LOGIT, 0, 9], 2)).toEqual([]);
  });

  it("leaves the others the softmax of themselves, and dropped ones nothing", () => {
    expect(toOpWeights("softmax", [1, DROPPED_LOGIT, 2])).toEqual([softmax([1, 2])[0], 0, softmax([1, 2])[1]]);
    expect(toOpWeights("softmax", [DROPPED_LOGIT, DROPPED_LOGIT])).toEqual([0, 0]);
    expect(toOpWeights("sigmoid", [0, DROPPED_LOGIT])).toEqual([0.5, 0]);
  });

  it("never moves a dropped primitive again", () => {
    const { space, search } = searchConfigSchema.parse({});
    const arch = new ArchVariables(space, search.arch);
    arch.drop(arch.alphaRows.map(() => [0, 6]));
    const gradients = () => {
      const { op, move } = arch.weights();
      return {
        op: op.map((layer) => layer.map((edge) => edge.map((_, p) => 3 - p))),
        move: move.map((row) => row.map(() => 0)),
      };
    };
    arch.update(gradients(), 0);
    for (const row of arch.alphaRows) {
      expect([row[0], row[6]]).toEqual([DROPPED_LOGIT, DROPPED_LOGIT]);
      expect(row[1]).not.toBe(1);
    }
  });

  it("leaves each edge of a search one primitive in the end, which is what is derived", async () => {
    const { events } = await searchWhole(
      configOf({ stabilisers: { dropTo: [2, 1] } }, { primitives: ["conv_3x3", "skip_connect", "none"] }),
    );
    const archs = events.flatMap((event) => (event.type === "arch" ? [event.arch] : []));
    const left = archs.map(({ alpha }) => alpha.flat().map((row) => row.filter((l) => l !== DROPPED_LOGIT).length));
    // Four epochs, the first one of warm-up: a stage an epoch.
    expect(left.map((counts) => [...new Set(counts)])).toEqual([[3], [2], [1], [1]]);
    const last = archs.at(-1)!;
    const kept = last.alpha.map((rows) =>
      rows.map((row) => last.primitives[row.findIndex((l) => l !== DROPPED_LOGIT)]),
    );
    const genotype = deriveGenotype(last, [1, 1.5]);
    genotype.cells.forEach(({ nodes }, layer) =>
      expect(
        nodes
          .flat()
          .map(({ primitive }) => primitive)
          .toSorted(),
      ).toEqual([...kept[layer]!].toSorted()),
    );
  });
});
