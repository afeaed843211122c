import { at } from "#shared/at.ts";
import type { Genotype } from "#shared/space/cells/genotype.ts";
import { placesOf } from "#shared/space/spaces/scales/places.ts";
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

/** Draws the width levels that a genotype chose: on the trellis of a row of cells, or at the places of a U. */
export function drawWidthPath(genotype: Genotype, theme: Theme): Fragment {
  return genotype.schema === "hinas.scales" ? drawPlaces(genotype, theme) : drawTrellis(genotype, theme);
}

/** Draws the U, full resolution on top, with the width at each place; thin lines lead values across to the way up. */
function drawPlaces({ widthFactors, widthPath }: Genotype, theme: Theme): Fragment {
  const places = placesOf(widthPath.length);
  const points = places.map(({ layer, scale }): Point => {
    return { x: ROW_LABEL_WIDTH + (layer + 0.5) * COLUMN_WIDTH, y: (scale + 0.5) * ROW_HEIGHT };
  });
  const pointOf = (layer: number): Point => at(points, layer, "places");
  const scales = Math.max(...places.map(({ scale }) => scale)) + 1;
  const crossings = places.flatMap(({ layer, joins }) => (joins === null ? [] : [[pointOf(joins), pointOf(layer)]]));
  const markup = [
    ...Array.from({ length: scales }, (_, scale) =>
      drawRowLabel(`scale ${scale === 0 ? "1" : `1/${2 ** scale}`}`, (scale + 0.5) * ROW_HEIGHT, theme),
    ),
    ...crossings.map((points) => drawMove(points, theme.line, 1.25)),
    drawMove(points, theme.accent, 4),
    ...points.map((point) => drawStop(point, true, theme)),
    ...places.map(({ layer }) => {
      const factor = at(widthFactors, at(widthPath, layer, "width path"), "width factors");
      const { x, y } = pointOf(layer);
      return drawMiddleText(`×${factor}`, x, y + CHOSEN_RADIUS + 12, theme);
    }),
  ];
  return {
    markup: markup.join(""),
    width: ROW_LABEL_WIDTH + places.length * COLUMN_WIDTH,
    height: scales * ROW_HEIGHT + COLUMN_LABEL_HEIGHT,
  };
}

/** Draws the trellis of width levels, widest on top, with the chosen path; moves not taken are thin. */
function drawTrellis({ schema, widthFactors, widthPath }: Genotype, theme: Theme): Fragment {
  const levels = widthFactors.length;
  const pointOf = ({ column, level }: Stop): Point => ({
    x: ROW_LABEL_WIDTH + (column + 0.5) * COLUMN_WIDTH,
    y: (levels - 1 - level + 0.5) * ROW_HEIGHT,
  });
  const columns = columnsOf(widthPath.length, levels);
  const chosen = [0, ...widthPath].map((level, column): Stop => ({ column, level }));
  const labelY = levels * ROW_HEIGHT + 12;
  const markup = [
    ...widthFactors.map((factor, level) => {
      const name = schema === "hinas.resolutions" ? `stride ${2 ** level}, ×${factor}` : `width ×${factor}`;
      return drawRowLabel(name, pointOf({ column: 0, level }).y, theme);
    }),
    ...columns.map((_, column) => drawColumnLabel(column, pointOf({ column, level: 0 }).x, labelY, theme)),
    ...movesBetween(columns).map(([from, to]) => drawMove([pointOf(from), pointOf(to)], theme.line, 1.25)),
    drawMove(chosen.map(pointOf), theme.accent, 4),
    ...columns.flat().map((stop) => drawStop(pointOf(stop), chosen[stop.column]?.level === stop.level, theme)),
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
  return drawMiddleText(column === 0 ? "stem" : `layer ${column - 1}`, x, y, theme);
}

function drawMiddleText(text: string, x: number, y: number, theme: Theme): string {
  return textElement(text, {
    x,
    y,
    "text-anchor": "middle",
    "font-family": TEXT_FONT,
    "font-size": 12,
    fill: theme.faintText,
  });
}
