import { describe, expect, it } from "vitest";

import { searchSpaceSchema } from "#shared/space/spaces/searchSpace.ts";

function complaints(space: unknown): string[] {
  const result = searchSpaceSchema.safeParse(space);
  return result.success ? [] : result.error.issues.map(({ path, message }) => `${path.join(".")} ${message}`);
}

describe("search space schema", () => {
  it("defaults to the space of the journal paper", () => {
    expect(searchSpaceSchema.parse({})).toMatchObject({ layers: 3, nodes: 4, filters: 10, widthFactors: [1, 1.5, 2] });
  });

  it.each([
    [{ nodes: 0 }, "nodes"],
    [{ layers: 2.5 }, "layers"],
    [{ widthFactors: [1, 2, 1.5] }, "widthFactors must grow from level to level"],
    [{ widthFactors: [1, 1] }, "widthFactors must grow from level to level"],
    [
      { filters: 1, widthFactors: [0.5, 1] },
      "widthFactors.0 must leave the narrowest width level at least one channel",
    ],
    [{ primitives: ["none"] }, "primitives must name at least one primitive besides none"],
    [{ primitives: ["conv_3x3", "conv_3x3"] }, "primitives must name each primitive once"],
    [{ primitives: ["conv_7x7"] }, "primitives.0"],
    [{ depth: 3 }, "Unrecognized key"],
  ])("refuses %j", (space, complaint) => {
    expect(complaints(space)).toEqual([expect.stringContaining(complaint)]);
  });
});
