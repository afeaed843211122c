import { describe, expect, it } from "vitest";

import { initArchLogits } from "#shared/space/cells/archLogits.ts";
import { type ArchView, viewArch } from "#shared/space/cells/archView.ts";
import { drawSearchedCell } from "#shared/space/drawing/drawSearchedCell.ts";
import { PRIMITIVE_COLOURS } from "#shared/space/drawing/primitiveColours.ts";
import { THEMES } from "#shared/space/drawing/theme.ts";
import { searchSpaceSchema } from "#shared/space/spaces/searchSpace.ts";

const space = searchSpaceSchema.parse({ layers: 1, nodes: 2, primitives: ["conv_3x3", "skip_connect"] });
const theme = THEMES.light;
const COLOURS = PRIMITIVE_COLOURS.light;

/** The first edge's first primitive is ahead by so much. */
function viewOf(lead: number): ArchView {
  const arch = structuredClone(initArchLogits(space)) as { alpha: number[][][] } & ReturnType<typeof initArchLogits>;
  arch.alpha[0]![0]![0]! += lead;
  return viewArch({ arch, epoch: 1, step: 1, time: new Date(0).toISOString() }, space);
}

const draw = (view: ArchView, hasAllEdges = false, threshold = 0): string =>
  drawSearchedCell(view, { layer: 0, hasAllEdges, threshold }, theme).markup;
/** Lines of edges, without those from nodes into the concat. */
const linesOf = (markup: string, stroke: string): number =>
  (markup.match(/<path[^>]*>/g) ?? []).filter((line) => line.includes(`stroke="${stroke}"`)).length;
const namesOf = (markup: string): number => (markup.match(/>(conv_3x3|skip_connect)</g) ?? []).length;

describe("a cell in search", () => {
  it("draws every edge as noise before anything is decided, in the colour of no primitive", () => {
    const markup = draw(viewOf(0));
    expect(linesOf(markup, theme.faintText)).toBe(4);
    expect(markup).not.toContain(COLOURS.conv_3x3);
  });

  it("draws an edge in its primitive's colour once that is ahead by more than noise, wider the further it is", () => {
    const [little, much] = [draw(viewOf(0.1)), draw(viewOf(4))];
    for (const markup of [little, much]) expect(linesOf(markup, COLOURS.conv_3x3)).toBe(1);
    const widthIn = (markup: string): number =>
      Number(new RegExp(`stroke="${COLOURS.conv_3x3}" stroke-width="([\\d.]+)"`).exec(markup)?.[1]);
    expect(widthIn(little)).toBeLessThan(1.5);
    expect(widthIn(much)).toBeGreaterThan(7);
  });

  it("leaves out edges below the threshold, and the cell keeps its form", () => {
    const view = viewOf(4);
    const [all, strong] = [0, 0.9].map((threshold) =>
      drawSearchedCell(view, { layer: 0, hasAllEdges: true, threshold }, theme),
    );
    expect(namesOf(all!.markup)).toBe(5);
    expect(namesOf(strong!.markup)).toBe(1);
    expect([strong!.width, strong!.height]).toEqual([all!.width, all!.height]);
  });

  it("puts edges that would not be kept behind the others where they are shown", () => {
    const view = viewOf(4);
    expect(namesOf(draw(view))).toBe(4);
    expect(namesOf(draw(view, true))).toBe(5);
    expect(draw(view)).not.toContain('opacity="0.35"');
    expect(draw(view, true)).toContain('opacity="0.35"');
  });
});
