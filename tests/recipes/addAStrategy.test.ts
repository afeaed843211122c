import { describe, expect, it } from "vitest";

import { copyProject } from "./project.ts";
import { asRecipeFiles, filesOf, listRecipeFiles } from "./recipe.ts";

const SCHEMA = "src/shared/runs/config.ts";
const LOOP = "src/main/compute/search/searchLoop.ts";

describe("the recipe for a strategy", () => {
  it("takes three files, names the row that misses, and gives a search that tells candidates", async () => {
    const project = await copyProject();
    const gradient = 'z.strictObject({ kind: z.literal("gradient") })';
    await project.insert(SCHEMA, { after: gradient }, ', z.strictObject({ kind: z.literal("random_walk") })');
    const missing = project.check();
    expect(filesOf(missing)).toEqual([LOOP]);
    expect(missing[0]).toContain("random_walk");

    await project.add("src/main/compute/search/strategies/randomWalk.ts", "tests/recipes/toys/randomWalk.ts");
    await project.insert(
      LOOP,
      { after: 'import { openGradientSearch } from "./strategies/gradient.ts";\n' },
      'import { openRandomWalk } from "./strategies/randomWalk.ts";\n',
    );
    await project.insert(LOOP, { after: "  gradient: openGradientSearch,\n" }, "  random_walk: openRandomWalk,\n");
    expect(project.check()).toEqual([]);

    expect(asRecipeFiles(project.touched(), "randomWalk")).toEqual(listRecipeFiles("add-a-strategy", "Files"));
    expect(project.touched()).toHaveLength(3);

    const found = (await project.runScript("walk.ts")) as { readonly alphas: readonly number[] };
    expect(found).toEqual({
      outcome: { kind: "finished", step: 4 },
      candidates: [
        { step: 2, strategy: "random_walk" },
        { step: 4, strategy: "random_walk" },
      ],
      alphas: [expect.any(Number), expect.any(Number)],
    });
    expect(new Set([1, ...found.alphas]).size).toBe(3);
  });
});
