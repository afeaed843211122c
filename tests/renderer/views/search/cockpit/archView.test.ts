import { describe, expect, it } from "vitest";

import { routersOf } from "#shared/space/spaces/widths/widthLevels.ts";
import { toMoveRows } from "#renderer/views/search/cockpit/archView.ts";

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
