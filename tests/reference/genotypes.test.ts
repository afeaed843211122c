import { readFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, it } from "vitest";
import { z } from "zod";

import { stateIndex } from "#shared/space/cells/cellGraph.ts";
import { deriveGenotype } from "#shared/space/cells/derive.ts";
import { PRIMITIVES } from "#shared/space/cells/primitives.ts";
import { MOVES, routerCount, sourceLevelCount } from "#shared/space/spaces/widths/widthLevels.ts";
import { REFERENCE_FOLDER } from "#tests/helpers/referenceFixtures.ts";

const file = join(REFERENCE_FOLDER, "genotypes.json");

const matrix = z.array(z.array(z.number()));
const fixtureSchema = z.object({
  primitives: z.array(z.enum(PRIMITIVES)),
  cases: z
    .array(
      z.object({
        nodes: z.int(),
        layers: z.int(),
        alpha: z.array(matrix),
        beta: matrix,
        /** Per layer the kept edges of all nodes one after another: primitive and index of the state it reads. */
        cells: z.array(z.array(z.tuple([z.string(), z.int()]))),
        path: z.array(z.int()),
      }),
    )
    .min(1),
});
type Case = z.infer<typeof fixtureSchema>["cases"][number];

const fixture = fixtureSchema.parse(JSON.parse(readFileSync(file, "utf8")));

/** The file does not say how many width levels there are: the last router that cannot widen is at the widest level. */
function widthLevelsOf({ beta, layers }: Case): number {
  const isImpossible = (logit: number | undefined): boolean => logit !== undefined && logit <= -50;
  for (let widthLevels = 1; widthLevels <= layers + 1; widthLevels++) {
    const rows = routerCount(layers, widthLevels);
    const widest = sourceLevelCount(layers - 1, widthLevels) - 1;
    const canWiden = !isImpossible(beta[rows - 1]?.[MOVES.indexOf("wider")]);
    if (rows === beta.length && canWiden === widest + 1 < widthLevels) return widthLevels;
  }
  throw new Error(`no number of width levels has ${beta.length} routers in ${layers} layers`);
}

describe("genotypes of the authors' code", () => {
  it.each(fixture.cases.map((fixtureCase, index) => ({ index, fixtureCase })))(
    "derives the cells and the width path of case $index ($fixtureCase.layers layers, $fixtureCase.nodes nodes)",
    ({ fixtureCase }) => {
      const { alpha, beta } = fixtureCase;
      const widthFactors = Array.from({ length: widthLevelsOf(fixtureCase) }, (_, level) => 1 + level / 2);
      const genotype = deriveGenotype({ primitives: fixture.primitives, alpha, beta }, widthFactors);
      const cells = genotype.cells.map((cell) =>
        cell.nodes.flat().map((edge) => [edge.primitive, stateIndex(edge.from)]),
      );
      expect(cells).toEqual(fixtureCase.cells);
      expect(genotype.widthPath).toEqual(fixtureCase.path);
    },
  );
});
