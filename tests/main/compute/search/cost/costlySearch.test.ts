import { afterAll, describe, expect, it } from "vitest";

import { runSearch } from "#main/compute/search/searchLoop.ts";

import { makeContext, makeRunFolder, readAll, type TestContext } from "#tests/main/compute/job/jobs.ts";
import { configOf } from "#tests/main/compute/search/tinySearch.ts";

const SPACE = { primitives: ["conv_3x3", "dil_conv_5x5", "skip_connect"] };

async function searchWith(search: object): Promise<{ readonly context: TestContext; readonly folder: string }> {
  const context = await makeContext();
  const folder = await makeRunFolder(afterAll);
  await runSearch(context, { config: configOf({ arch: { learningRate: 0.2 }, ...search }, SPACE), folder, resume: false });
  return { context, folder };
} // prettier-ignore

const expectedOf = ({ events }: TestContext): (number | undefined)[] =>
  events.flatMap((event) => (event.type === "step" ? [event.expectedCost] : []));
const derivedOf = ({ events }: TestContext): number | undefined =>
  events.flatMap((event) => (event.type === "candidate" ? [event.multiplyAddsPerPixel] : [])).at(-1);

describe("a search with its cost in the objective", () => {
  it("tells what is expected and changes no number where the cost weighs nothing", async () => {
    const plain = await searchWith({});
    const watched = await searchWith({ cost: { kind: "multiplyAdds", weight: 0 } });
    expect(expectedOf(plain.context).every((value) => value === undefined)).toBe(true);
    expect(expectedOf(watched.context).every((value) => value !== undefined && value > 0)).toBe(true);
    expect((await readAll(watched.folder)).tensors).toEqual((await readAll(plain.folder)).tensors);
  });

  it.each(["first", "second"])("ends with a cheaper network where the cost weighs much, %s order", async (order) => {
    const watched = await searchWith({ order, cost: { kind: "multiplyAdds", weight: 0 } });
    const cheap = await searchWith({ order, cost: { kind: "multiplyAdds", weight: 100 } });
    const falling = expectedOf(cheap.context).map(Number);
    expect(falling).toEqual(falling.toSorted((a, b) => b - a));
    expect(falling.at(-1)).toBeLessThan(Number(expectedOf(watched.context).at(-1)));
    expect(derivedOf(cheap.context)).toBeLessThan(Number(derivedOf(watched.context)));
  });
});
