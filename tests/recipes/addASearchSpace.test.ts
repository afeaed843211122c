import { describe, expect, it } from "vitest";

import { copyProject } from "./project.ts";
import { asRecipeFiles, filesOf, listRecipeFiles } from "./recipe.ts";

const TABLE = "src/shared/space/spaces/spaces.ts";
const DRAWINGS = "src/shared/space/drawing/drawArchitecture.ts";
const FOLDER = "src/shared/space/spaces/toyChain";

const INCOMPLETE =
  '  "toy.chain": { title: "Toy", parseGenotype: parseToy, inFixedOrder: orderToy, explain: explainToy },\n';
const ROW = INCOMPLETE.replace(" },", ", buildNetworkGraph: buildToy },");
const MISNAMED = ROW.replace("toy.chain", "toy.chains");

describe("the recipe for a search space", () => {
  it("takes a folder and a row, names what the row misses, and gives networks that train and denoise", async () => {
    const project = await copyProject();
    for (const name of ["genotype.ts", "buildToy.ts", "drawToy.ts"]) {
      await project.add(`${FOLDER}/${name}`, `tests/recipes/toys/toyChain/${name}`);
    }
    await project.insert(
      TABLE,
      { before: 'import { buildNetworkGraph as buildWidths } from "./widths/buildNetworkGraph.ts";\n' },
      'import { buildToy } from "./toyChain/buildToy.ts";\nimport { explainToy, orderToy, parseToy } from "./toyChain/genotype.ts";\n',
    );
    await project.insert(TABLE, { before: "} as const;\n\nexport type SpaceName" }, INCOMPLETE);
    const missing = project.check();
    expect(filesOf(missing)).toEqual([DRAWINGS, TABLE]);
    expect(missing.join("\n")).toContain("Property 'buildNetworkGraph' is missing");

    await project.insert(
      DRAWINGS,
      { before: 'import type { DrawingOptions } from "./drawDocument.ts";\n' },
      'import { drawToy } from "#shared/space/spaces/toyChain/drawToy.ts";\n',
    );
    await project.insert(DRAWINGS, { before: "};\n\n/** Draws a genotype of any" }, '  "toy.chain": drawToy,\n');
    await project.exchange(TABLE, INCOMPLETE, MISNAMED);
    const misnamed = project.check();
    expect(filesOf(misnamed)).toEqual([DRAWINGS, TABLE]);
    expect(misnamed.join("\n")).toContain('"toy.chains"');

    await project.exchange(TABLE, MISNAMED, ROW);
    expect(project.check()).toEqual([]);

    expect(asRecipeFiles(project.touched(), "toyChain")).toEqual(listRecipeFiles("add-a-search-space", "Files"));

    // Four pixels of the picture and of the noise map are eight channels; sides 5, 3 and 1 at half resolution.
    const filters = 4 * (25 * 8 + 9 * 4 + 4 + 9 * 4);
    expect(await project.runScript("trainChain.ts")).toEqual({
      outcomes: [
        { kind: "finished", step: 2 },
        { kind: "finished", step: 4 },
      ],
      resumedAt: [2],
      genotype: `${JSON.stringify({ schema: "toy.chain", version: 1, sides: [5, 3, 1] }, null, 2)}\n`,
      isSameHash: true,
      parameters: filters + 3 * 2 * 4 + 4,
      multiplyAddsPerPixel: filters / 4,
      receptiveFieldPx: 2 * (1 + 2 * (2 + 1 + 1)),
      denoised: [26, 24, true],
    });
  });
});
