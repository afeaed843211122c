import { describe, expect, it } from "vitest";

import {
  channelsOfLevel,
  endpointLayer,
  levelCountOfLayer,
  routerCount,
  routersOf,
} from "#shared/space/spaces/widths/widthLevels.ts";

const journal = { layers: 3, filters: 10, widthFactors: [1, 1.5, 2] };

describe("width levels", () => {
  it("rounds the channels of a level down", () => {
    expect([0, 1, 2].map((level) => channelsOfLevel(journal, level))).toEqual([10, 15, 20]);
    expect(channelsOfLevel({ filters: 5, widthFactors: [1, 1.5] }, 1)).toBe(7);
  });

  it("refuses a level that has no width factor", () => {
    expect(() => channelsOfLevel(journal, 3)).toThrow("level must be below 3");
  });

  it("lets every layer own one level more than the one before, up to the number of levels", () => {
    expect([0, 1, 2, 3].map((layer) => levelCountOfLayer(layer, 3))).toEqual([2, 3, 3, 3]);
    expect([0, 1].map((layer) => levelCountOfLayer(layer, 1))).toEqual([1, 1]);
  });

  it("places a router at every level that feeds a layer, 6 for 3 layers and 9 for 4", () => {
    const places = routersOf(journal).map(({ layer, level }) => [layer, level]);
    expect(places).toEqual([
      [0, 0],
      [1, 0],
      [1, 1],
      [2, 0],
      [2, 1],
      [2, 2],
    ]);
    expect([routerCount(3, 3), routerCount(4, 3), routersOf({ ...journal, layers: 4 }).length]).toEqual([6, 9, 9]);
  });

  it("forbids moves below the narrowest and above the widest level", () => {
    const [stem, , , , , widest] = routersOf(journal);
    expect(stem?.moves).toEqual({ narrower: false, same: true, wider: true });
    expect(widest?.moves).toEqual({ narrower: true, same: true, wider: false });
    expect(routersOf({ layers: 1, widthFactors: [1] })).toEqual([
      { layer: 0, level: 0, moves: { narrower: false, same: true, wider: false } },
    ]);
  });

  it("lets the decoder read the last layer at level 0, and the stem where that is the final layer or none is", () => {
    expect(
      [
        [0, 1, 1],
        [0, 0, 1],
        [1, 0, 0],
        [1, 2, 1],
      ].map(endpointLayer),
    ).toEqual([0, 1, null, null]);
  });
});
