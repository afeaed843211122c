import { describe, expect, it } from "vitest";

import {
  cellChannels,
  layersOfScales,
  placesOf,
  placeText,
  scalesOfLayers,
  streamChannels,
} from "#shared/space/spaces/scales/places.ts";

describe("the places of a U", () => {
  it("go down, turn at the bottom, and come up past the values that went down", () => {
    expect(placesOf(5)).toEqual([
      { layer: 0, scale: 0, joins: null },
      { layer: 1, scale: 1, joins: null },
      { layer: 2, scale: 2, joins: null },
      { layer: 3, scale: 1, joins: 1 },
      { layer: 4, scale: 0, joins: 0 },
    ]);
    expect(placesOf(1)).toEqual([{ layer: 0, scale: 0, joins: null }]);
  });

  it("are told by their way and their share of the resolution", () => {
    expect([0, 1, 2, 3, 4].map((layer) => placeText(layer, 5))).toEqual([
      "down, 1",
      "down, 1/2",
      "bottom, 1/4",
      "up, 1/2",
      "up, 1",
    ]);
    expect(placeText(0, 1)).toBe("bottom, 1");
  });

  it("are as many as the scales say, and the other way round", () => {
    expect([1, 2, 3, 4].map(layersOfScales)).toEqual([1, 3, 5, 7]);
    expect([1, 3, 5, 7].map(scalesOfLayers)).toEqual([1, 2, 3, 4]);
  });

  it("hold twice the channels at each halving of the resolution, rounded before they are doubled", () => {
    expect([0, 1, 2].map((scale) => streamChannels(10, scale))).toEqual([10, 20, 40]);
    expect([0, 1, 2].map((scale) => cellChannels(3, 1.5, scale))).toEqual([4, 8, 16]);
  });
});
