import { describe, expect, it } from "vitest";

import { routersOf } from "#shared/space/spaces/widths/widthLevels.ts";
import { initArchLogits } from "#shared/space/cells/archLogits.ts";
import { viewArch } from "#shared/space/cells/archView.ts";
import { searchSpaceSchema } from "#shared/space/spaces/searchSpace.ts";
import { toMoveRows, toPlaceRows } from "#renderer/views/search/cockpit/archView.ts";

describe("the table of move weights", () => {
  it("has a row for each router, and no weight for a move that leads out of the levels", () => {
    const widthFactors = [1, 2];
    const weights = [0, 1, 2].map((row) => [0.1 + row, 0.2 + row, 0.3 + row]);
    expect(toMoveRows(routersOf({ layers: 2, widthFactors }), weights, widthFactors)).toEqual([
      { layer: 0, widthFactor: 1, weights: [null, 0.2, 0.3] },
      { layer: 1, widthFactor: 1, weights: [null, 1.2, 1.3] },
      { layer: 1, widthFactor: 2, weights: [2.1, 2.2, null] },
    ]);
  });
});

describe("the table of width levels by place", () => {
  it("names each place of a U, with the weights of its levels and the one that would be derived", () => {
    const space = searchSpaceSchema.parse({ kind: "scales", layers: 3, nodes: 1, widthFactors: [1, 2] });
    const arch = { ...initArchLogits(space), beta: [[0, Math.log(3)], [0, 0], [Math.log(4), 0]] }; // prettier-ignore
    const view = viewArch({ time: "2026-11-25T00:00:00.000Z", step: 1, epoch: 1, arch }, space);
    const close = (weights: number[]) => weights.map((weight) => expect.closeTo(weight, 12) as number);
    expect(toPlaceRows(view)).toEqual([
      { name: "place 0 (down, 1)", weights: close([0.25, 0.75]), chosen: 1 },
      { name: "place 1 (bottom, 1/2)", weights: close([0.5, 0.5]), chosen: 0 },
      { name: "place 2 (up, 1)", weights: close([0.8, 0.2]), chosen: 0 },
    ]);
  });
});
