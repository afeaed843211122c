import { describe, expect, it } from "vitest";

import { drawTrellis, type Trellis } from "#shared/space/drawing/drawTrellis.ts";
import { THEMES } from "#shared/space/drawing/theme.ts";
import { routersOf } from "#shared/space/spaces/widths/widthLevels.ts";

const theme = THEMES.light;
const WIDTHS = [1, 2];
const routers = routersOf({ layers: 2, widthFactors: WIDTHS });
const trellis: Trellis = {
  layers: 2,
  widthFactors: WIDTHS,
  routers,
  moveWeights: routers.map(() => [0.25, 0.25, 0.5]),
  widthPath: [1, 1],
  isUndecided: false,
};
const countOf = (markup: string, part: string): number => markup.split(part).length - 1;

describe("the trellis of a search", () => {
  it("draws every move that stays within the levels, with what it weighs", () => {
    const { markup } = drawTrellis(trellis, theme);
    expect(countOf(markup, "<path")).toBe(6);
    expect(countOf(markup, ">0.25<") + countOf(markup, ">0.50<")).toBe(6);
  });

  it("draws the path that would be derived in the accent, as a line where it is decided and as grains where it is not", () => {
    const decided = drawTrellis(trellis, theme).markup;
    const undecided = drawTrellis({ ...trellis, isUndecided: true }, theme).markup;
    expect(countOf(decided, `stroke="${theme.accent}"`)).toBe(2);
    expect(decided).not.toContain("stroke-dasharray");
    expect(countOf(undecided, `stroke-linecap="round"`)).toBe(2);
    expect(undecided).not.toContain(`fill="${theme.accent}"`);
  });

  it("leaves out the values where they would stand on each other", () => {
    const layers = 7;
    const long = routersOf({ layers, widthFactors: WIDTHS });
    const moveWeights = long.map(() => [0.25, 0.25, 0.5]);
    const path = Array.from({ length: layers }, () => 0);
    const { markup } = drawTrellis({ ...trellis, layers, routers: long, moveWeights, widthPath: path }, theme);
    expect(markup).not.toContain("0.25");
  });
});
