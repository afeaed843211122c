import { at } from "#shared/at.ts";
import type { Genotype } from "#shared/space/cells/genotype.ts";
import { levelCountOfLayer } from "#shared/space/spaces/widths/widthLevels.ts";

import { element, type Fragment, levelCurve, type Point, TEXT_FONT, textElement } from "./svg.ts";
import type { Theme } from "./theme.ts";

const COLUMN_WIDTH = 92;
const ROW_HEIGHT = 44;
const ROW_LABEL_WIDTH = 76;
const COLUMN_LABEL_HEIGHT = 16;
const DOT_RADIUS = 6;
const CHOSEN_RADIUS = 9;

/** One width level of the stem (column 0) or of a layer (column layer + 1). */
interface Stop {
  readonly column: number;
  readonly level: number;
}

/** Draws the trellis of width levels, widest on top, with the chosen path; moves not taken are thin. */
export function drawWidthPath({ widthFactors, widthPath }: Genotype, theme: Theme): Fragment {
  const levels = widthFactors.length;
  const at = ({ column, level }: Stop): Point => ({
    x: ROW_LABEL_WIDTH + (column + 0.5) * COLUMN_WIDTH,
    y: (levels - 1 - level + 0.5) * ROW_HEIGHT,
  });
  const columns = columnsOf(widthPath.length, levels);
  const chosen = [0, ...widthPath].map((level, column): Stop => ({ column, level }));
  const labelY = levels * ROW_HEIGHT + 12;
  const markup = [
    ...widthFactors.map((factor, level) => drawRowLabel(`width ×${factor}`, at({ column: 0, level }).y, theme)),
    ...columns.map((_, column) => drawColumnLabel(column, at({ column, level: 0 }).x, labelY, theme)),
    ...movesBetween(columns).map(([from, to]) => drawMove([at(from), at(to)], theme.line, 1.25)),
    drawMove(chosen.map(at), theme.accent, 4),
    ...columns.flat().map((stop) => drawStop(at(stop), chosen[stop.column]?.level === stop.level, theme)),
  ];
  return {
    markup: markup.join(""),
    width: ROW_LABEL_WIDTH + columns.length * COLUMN_WIDTH,
    height: levels * ROW_HEIGHT + COLUMN_LABEL_HEIGHT,
  };
}

function columnsOf(layers: number, levels: number): Stop[][] {
  return Array.from({ length: layers + 1 }, (_, column) =>
    Array.from({ length: column === 0 ? 1 : levelCountOfLayer(column - 1, levels) }, (_, level) => ({ column, level })),
  );
}

function movesBetween(columns: readonly (readonly Stop[])[]): (readonly [Stop, Stop])[] {
  return columns.slice(1).flatMap((stops, before) =>
    stops.flatMap((to) =>
      at(columns, before, "columns")
        .filter((from) => Math.abs(from.level - to.level) <= 1)
        .map((from) => [from, to] as const),
    ),
  );
}

function drawMove(points: readonly Point[], stroke: string, width: number): string {
  return element("path", { d: levelCurve(points), fill: "none", stroke, "stroke-width": width });
}

function drawStop({ x, y }: Point, isChosen: boolean, theme: Theme): string {
  const colours = isChosen
    ? { fill: theme.accent, stroke: theme.card, "stroke-width": 2 }
    : { fill: theme.state, stroke: theme.line, "stroke-width": 1.5 };
  return element("circle", { cx: x, cy: y, r: isChosen ? CHOSEN_RADIUS : DOT_RADIUS, ...colours });
}

function drawRowLabel(text: string, y: number, theme: Theme): string {
  return textElement(text, { x: 0, y: y + 4, "font-family": TEXT_FONT, "font-size": 12, fill: theme.faintText });
}

function drawColumnLabel(column: number, x: number, y: number, theme: Theme): string {
  const text = column === 0 ? "stem" : `layer ${column - 1}`;
  return textElement(text, {
    x,
    y,
    "text-anchor": "middle",
    "font-family": TEXT_FONT,
    "font-size": 12,
    fill: theme.faintText,
  });
}
