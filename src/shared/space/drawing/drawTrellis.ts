import { at } from "#shared/at.ts";
import { levelCountOfLayer, MOVE_STEPS, MOVES, type Router } from "#shared/space/spaces/widths/widthLevels.ts";

import { element, type Fragment, levelCurve, type Point, TEXT_FONT, textElement } from "./svg.ts";
import type { Theme } from "./theme.ts";

/** The move weights of a search on the trellis of its layers and width levels. */
export interface Trellis {
  readonly layers: number;
  readonly widthFactors: readonly number[];
  readonly routers: readonly Router[];
  /** `[routers, 3]`, 0..1. */
  readonly moveWeights: readonly (readonly number[])[];
  /** Width level of each layer on the path that would be derived. */
  readonly widthPath: readonly number[];
  /** Whether that path is ahead by no more than noise; it is then drawn as grains. */
  readonly isUndecided: boolean;
}

const COLUMN = 112;
const ROW = 64;
const LEFT = 64;
const BOTTOM = 24;
const THINNEST = 1;
const THICKEST = 13;
const GRAIN_WIDTH = 3;
const GRAINS = "0.1 6 0.1 9 0.1 5 0.1 12 0.1 7";
const FAINT_OPACITY = 0.42;
/** With more layers than this the values would stand on each other. */
const MOST_LAYERS_WITH_VALUES = 6;
/** Where all moves weigh the same, two decimals would still hide which is ahead. */
const VALUE_DECIMALS = 2;

/** A move on the trellis: where it runs, what it weighs, and whether it would be derived. */
interface DrawnMove {
  readonly weight: number;
  readonly ends: readonly [Point, Point];
  readonly isOnPath: boolean;
}

/** Draws the trellis of width levels, widest on top, with lines as wide as their move weights and the path that would be derived. */
export function drawTrellis(trellis: Trellis, theme: Theme): Fragment {
  const { layers, widthFactors, widthPath } = trellis;
  const levels = widthFactors.length;
  const path = [0, ...widthPath];
  const moves = listMoves(trellis);
  const markup = [
    ...widthFactors.map((factor, level) =>
      drawText(`width ×${factor}`, { x: 0, y: pointOf(0, level, levels).y + 4 }, { fill: theme.faintText }),
    ),
    ...path.map((_, column) =>
      drawText(
        column === 0 ? "stem" : `layer ${column - 1}`,
        { x: pointOf(column, 0, levels).x, y: levels * ROW + BOTTOM - 4 },
        { fill: theme.faintText, "text-anchor": "middle" },
      ),
    ),
    // What is on the path is drawn last, over all else.
    ...moves.toSorted((a, b) => Number(a.isOnPath) - Number(b.isOnPath)).map((move) => drawMove(move, trellis, theme)),
    ...path.flatMap((chosen, column) =>
      Array.from({ length: column === 0 ? 1 : levelCountOfLayer(column - 1, levels) }, (_, level) =>
        drawStop(pointOf(column, level, levels), level === chosen, trellis, theme),
      ),
    ),
    ...(layers <= MOST_LAYERS_WITH_VALUES ? moves.map((move) => drawValue(move, trellis, theme)) : []),
  ];
  return { markup: markup.join(""), width: LEFT + (layers + 1) * COLUMN, height: levels * ROW + BOTTOM };
}

/** Column 0 is the stem; the widest level is on top. */
function pointOf(column: number, level: number, levels: number): Point {
  return { x: LEFT + (column + 0.5) * COLUMN, y: (levels - 1 - level + 0.5) * ROW };
}

function listMoves({ widthFactors, routers, moveWeights, widthPath }: Trellis): DrawnMove[] {
  const path = [0, ...widthPath];
  return routers.flatMap(({ layer, level, moves: possible }, row) =>
    MOVES.flatMap((move, column) => {
      if (!possible[move]) return [];
      const to = level + MOVE_STEPS[move];
      return [
        {
          weight: at(at(moveWeights, row, "routers"), column, "moves"),
          ends: [pointOf(layer, level, widthFactors.length), pointOf(layer + 1, to, widthFactors.length)] as const,
          isOnPath: path[layer] === level && path[layer + 1] === to,
        },
      ];
    }),
  );
}

function drawMove({ weight, ends, isOnPath }: DrawnMove, { isUndecided }: Trellis, theme: Theme): string {
  const line = { d: levelCurve(ends), fill: "none", "stroke-width": THINNEST + weight * (THICKEST - THINNEST) };
  if (!isOnPath) return element("path", { ...line, stroke: theme.line, "stroke-opacity": FAINT_OPACITY });
  if (!isUndecided) return element("path", { ...line, stroke: theme.accent });
  return (
    element("path", { ...line, stroke: theme.line, "stroke-opacity": FAINT_OPACITY }) +
    element("path", {
      ...line,
      stroke: theme.accent,
      "stroke-width": GRAIN_WIDTH,
      "stroke-linecap": "round",
      "stroke-dasharray": GRAINS,
    })
  );
}

function drawStop({ x, y }: Point, isOnPath: boolean, { isUndecided }: Trellis, theme: Theme): string {
  const circle = { cx: x, cy: y, r: isOnPath ? 9 : 6.5 };
  if (!isOnPath) return element("circle", { ...circle, fill: theme.state, stroke: theme.line, "stroke-width": 1.5 });
  return isUndecided
    ? element("circle", {
        ...circle,
        fill: theme.state,
        stroke: theme.accent,
        "stroke-width": 2,
        "stroke-dasharray": "2 3",
      })
    : element("circle", { ...circle, fill: theme.accent, stroke: theme.card, "stroke-width": 2.5 });
}

/** On the curve and nearer to where it begins: there the moves of neighbouring levels lie farthest apart. */
function drawValue(
  { weight, ends: [start, end], isOnPath }: DrawnMove,
  { isUndecided }: Trellis,
  theme: Theme,
): string {
  const place = { x: start.x + (end.x - start.x) * 0.44, y: start.y + (end.y - start.y) * 0.38 + 4 };
  const isChosen = isOnPath && !isUndecided;
  return drawText(weight.toFixed(VALUE_DECIMALS), place, {
    "text-anchor": "middle",
    "font-size": 11,
    "font-weight": isChosen ? 600 : 400,
    "font-variant-numeric": "tabular-nums",
    fill: isChosen ? theme.text : theme.faintText,
    "paint-order": "stroke",
    stroke: theme.card,
    "stroke-width": isChosen ? 7 : 4,
    "stroke-linejoin": "round",
  });
}

function drawText(text: string, { x, y }: Point, style: Readonly<Record<string, string | number>>): string {
  return textElement(text, { x, y, "font-family": TEXT_FONT, "font-size": 12, ...style });
}
