import { describe, expect, it } from "vitest";

import { toPathWeights } from "#main/compute/search/estimators/pathWeights.ts";
import { createRandom } from "#shared/random/createRandom.ts";
import { createCellsSpace } from "#shared/space/candidates/cellsSpace.ts";
import { deriveGenotype } from "#shared/space/cells/derive.ts";
import { searchSpaceSchema } from "#shared/space/spaces/searchSpace.ts";

describe("the path of a candidate through a supernet", () => {
  it.each(["widths", "scales", "resolutions"])("derives to that very candidate: %s", (kind) => {
    const space = searchSpaceSchema.parse({ kind, layers: 3, nodes: 3 });
    const candidates = createCellsSpace(space);
    const random = createRandom(4, "paths");
    for (let draw = 0; draw < 50; draw++) {
      const genotype = candidates.sample(random);
      const { op, move } = toPathWeights(space, genotype);
      // Logits that leave next to nothing to what has no weight.
      const logits = (rows: readonly (readonly number[])[]) => rows.map((row) => row.map((weight) => 20 * weight));
      const found = deriveGenotype(
        { primitives: space.primitives, alpha: op.map(logits), beta: logits(move) },
        space.widthFactors,
        space.kind,
      );
      expect(candidates.key(found)).toBe(candidates.key(genotype));
      expect(op.flat(2).filter((weight) => weight === 1)).toHaveLength(3 * 3 * 2);
      expect(move.flat().filter((weight) => weight === 1)).toHaveLength(3);
    }
  });
});
