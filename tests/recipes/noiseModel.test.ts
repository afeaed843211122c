import { readFile } from "node:fs/promises";

import { describe, expect, it } from "vitest";

import { copyProject } from "./project.ts";
import { asRecipeFiles, listRecipeFiles } from "./recipe.ts";

const MODEL = "src/shared/image/noise/uniform.ts";
const TABLE = "src/shared/image/noise.ts";

describe("the recipe for a noise model", () => {
  it("takes the model's file and its row, and names the table while the row is missing", async () => {
    const recipe = await readFile("docs/dev/recipes/add-a-noise-model.md", "utf8");
    const model = /```ts\n([^]*?)```/.exec(recipe)?.[1];
    const project = await copyProject();
    await project.write(MODEL, model!);
    const errors = project.check(MODEL);
    expect(errors).toHaveLength(1);
    expect(errors[0]).toMatch(/^src\/shared\/image\/noise\.ts\(.*uniform/s);

    const imported = 'import { poissonGaussianNoise } from "./noise/poissonGaussian.ts";\n';
    await project.insert(TABLE, { after: imported }, 'import { uniformNoise } from "./noise/uniform.ts";\n');
    await project.insert(TABLE, { after: "  poisson_gaussian: poissonGaussianNoise,\n" }, "  uniform: uniformNoise,\n");
    expect(project.check()).toEqual([]);
    expect(asRecipeFiles(project.touched(), "uniform")).toEqual(listRecipeFiles("add-a-noise-model", "Files"));
    expect(project.touched()).toHaveLength(2);

    const said = (await project.runScript("useNoise.ts")) as { readonly largestSurprise: number };
    const deviation255 = 40 / Math.sqrt(3);
    expect(said).toMatchObject({
      kinds: ["gaussian", "poisson_gaussian", "uniform", "camera", "paired"],
      noise: { kind: "uniform", halfWidth255: 40 },
      name: "uniform-40",
      contradictions: [],
      mean255: expect.closeTo(0, 0),
      deviation255: expect.closeTo(deviation255, 0),
      largest: expect.closeTo(0.9 + 40 / 255, 2),
      largestSigma255: expect.closeTo(deviation255, 6),
      mapped255: expect.closeTo(deviation255, 4),
    });
    // Of 101 bins one in a few draws is off by 3 deviations.
    expect(said.largestSurprise).toBeLessThan(4.5);
  }, 300_000); // the types of the whole project are checked twice
});
