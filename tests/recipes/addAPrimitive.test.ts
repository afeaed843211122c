import { describe, expect, it } from "vitest";

import { copyProject } from "./project.ts";
import { asRecipeFiles, filesOf, listRecipeFiles } from "./recipe.ts";

const TABLE = "src/shared/space/cells/primitives.ts";
const COLOURS = "src/shared/space/drawing/primitiveColours.ts";
const TEXTS = "src/renderer/texts/english/cockpit.ts";

describe("the recipe for a primitive", () => {
  it("takes two files and a text, names both where they miss, and gives a primitive that searches and trains", async () => {
    const project = await copyProject();
    await project.insert(
      TABLE,
      { before: '  skip_connect: { kind: "identity" },\n' },
      "  sep_conv_7x7: separableTwice(7),\n",
    );
    expect(filesOf(project.check(TEXTS))).toEqual([TEXTS, COLOURS]);

    await project.insert(COLOURS, { before: '    skip_connect: "#6b7280",\n' }, '    sep_conv_7x7: "#7c3aed",\n');
    await project.insert(COLOURS, { before: '    skip_connect: "#a3abb8",\n' }, '    sep_conv_7x7: "#c4b5fd",\n');
    await project.insert(TEXTS, { before: '  skip_connect: "skip",\n' }, '  sep_conv_7x7: "sep 7×7",\n');
    expect(project.check(TEXTS)).toEqual([]);

    const files = listRecipeFiles("add-a-primitive", "Files");
    expect(asRecipeFiles(project.touched(), "sep_conv_7x7")).toEqual(files);
    expect(files.filter((file) => !file.includes("/texts/")).length).toBeLessThanOrEqual(3);

    const [channels, edges] = [2, 2];
    const stage = 49 * channels + channels ** 2;
    // Two edges, each twice a depthwise and a pointwise filter, and the 1x1 filters from 64 channels to both inputs.
    const filters = edges * 2 * stage + 2 * 64 * channels;
    const { gradientError, ...found } = (await project.runScript("usePrimitive.ts")) as {
      readonly gradientError: number;
    };
    // Finite differences across the kinks of the leaky ReLU do not get closer.
    expect(gradientError).toBeLessThan(2e-2);
    expect(found).toEqual({
      outcomes: [
        { kind: "finished", step: 1 },
        { kind: "finished", step: 1 },
      ],
      archLosses: 1,
      layer: {
        name: "layer_0",
        parameters: filters + 2 * channels * (2 * edges + 2),
        multiplyAddsPerPixel: filters,
      },
      // Stem 3 and 3, twice side 7, decoder's two depthwise 3 and its last 3.
      receptiveFieldPx: 1 + 2 * (1 + 1 + 3 + 3 + 1 + 1 + 1),
    });
  });

  it("is told by the compiler of every reader that a new kind of node has", async () => {
    const project = await copyProject();
    await project.insert(
      "src/shared/space/graph/networkGraph.ts",
      { before: "  /** The inverse of unshuffle. */\n" },
      '  | { readonly kind: "gate" }\n',
    );
    const missing = project.check();
    expect(filesOf(missing)).toEqual(listRecipeFiles("add-a-primitive", "A new kind of node"));
    for (const line of missing) expect(line).toContain('"gate"');
  });
});
