import { describe, expect, it } from "vitest";

import { initArchLogits } from "#shared/space/cells/archLogits.ts";
import { viewArch } from "#shared/space/cells/archView.ts";
import { type SearchSpace, searchSpaceSchema } from "#shared/space/spaces/searchSpace.ts";
import { toBetaTiles } from "#renderer/views/search/cockpit/betaTiles.ts";

function viewsOf(space: SearchSpace, betas: readonly (readonly (readonly number[])[])[]) {
  return betas.map((beta, index) => {
    const arch = { ...initArchLogits(space), beta };
    return viewArch({ arch, epoch: index + 1, step: index, time: new Date(index).toISOString() }, space);
  });
}

describe("beta over time", () => {
  it("has a tile for each router, with a line for each move that stays within the levels", () => {
    const space = searchSpaceSchema.parse({ layers: 1, nodes: 1, widthFactors: [1, 2] });
    const tiles = toBetaTiles(viewsOf(space, [[[-50, 1, 1]], [[-50, 1, 1 + Math.log(3)]]]), space);
    expect(tiles.map(({ name }) => name)).toEqual(["from ×1 into layer 0"]);
    const close = (values: number[]) => values.map((value) => expect.closeTo(value, 12) as number);
    expect(tiles[0]?.lines).toEqual([
      { column: 1, label: "same", values: close([0.5, 0.25]) },
      { column: 2, label: "wider", values: close([0.5, 0.75]) },
    ]);
  });

  it("has on a U a tile for each place, with a line for each width level", () => {
    const space = searchSpaceSchema.parse({ kind: "scales", layers: 3, nodes: 1, widthFactors: [1, 2] });
    const tiles = toBetaTiles(viewsOf(space, [[[0, 0], [0, 0], [0, 0]]]), space); // prettier-ignore
    expect(tiles.map(({ name }) => name)).toEqual(["place 0 (down, 1)", "place 1 (bottom, 1/2)", "place 2 (up, 1)"]);
    expect(tiles[0]?.lines.map(({ label }) => label)).toEqual(["width ×1", "width ×2"]);
  });
});
