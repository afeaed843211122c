import { type Primitive, PRIMITIVES } from "#shared/space/cells/primitives.ts";

import type { Box } from "./cellLayout.ts";
import { PRIMITIVE_COLOURS } from "./primitiveColours.ts";
import { CODE_CHARACTER, CODE_FONT, element, levelCurve, type Point, TEXT_FONT, textElement } from "./svg.ts";
import type { Theme } from "./theme.ts";

const LABEL_FONT_SIZE = 12;
const LABEL_PADDING = 10;

/** The box around the name of a primitive. */
export const LABEL = {
  width: Math.ceil(longestName() * LABEL_FONT_SIZE * CODE_CHARACTER) + 2 * LABEL_PADDING,
  height: 24,
};

/** Side of a node's circle. */
export const NODE_SIZE = 34;

const EDGE_WIDTH = 2.25;
/** Widths between which lines are drawn that tell how strong their edges are. */
const WEAKEST_WIDTH = 1;
const STRONGEST_WIDTH = 8;
const PLAIN_LINE_WIDTH = 1.5;

/** How an edge of a cell is drawn. */
export interface EdgeLook {
  /** How wide its line is, 0..1; null for the width of edges of which nothing is known. */
  readonly strength: number | null;
  /** Whether its primitive is ahead by no more than noise: it is then drawn as noise, grains without a colour. */
  readonly isNoise: boolean;
  /** Whether it stands behind the others, for it would not be kept. */
  readonly isFaint: boolean;
}

/** The look of an edge of which nothing is known but its primitive. */
export const PLAIN_LOOK: EdgeLook = { strength: null, isNoise: false, isFaint: false };

/** Gaps that seem to follow no rule, between grains as long as they are wide. */
const GRAINS = "0.1 5 0.1 8 0.1 4 0.1 11 0.1 6 0.1 4.5 0.1 9";
const GRAIN_WIDTH = 2.5;
const FAINT_OPACITY = 0.35;

/** Draws the line of an edge in the colour of its primitive, as wide as it is strong; or as noise. */
export function drawEdge(primitive: Primitive, points: readonly Point[], theme: Theme, look: EdgeLook): string {
  const line = { d: levelCurve(points), fill: "none", ...opacityOf(look) };
  if (look.isNoise) {
    return element("path", {
      ...line,
      stroke: theme.faintText,
      "stroke-width": GRAIN_WIDTH,
      "stroke-linecap": "round",
      "stroke-dasharray": GRAINS,
    });
  }
  const { strength } = look;
  const width = strength === null ? EDGE_WIDTH : WEAKEST_WIDTH + strength * (STRONGEST_WIDTH - WEAKEST_WIDTH);
  const dash = primitive === "skip_connect" ? { "stroke-dasharray": "6 4" } : {};
  return element("path", { ...line, stroke: PRIMITIVE_COLOURS[theme.name][primitive], "stroke-width": width, ...dash });
}

/** Draws a line that carries no primitive: from a node into the concat. */
export function drawPlainLine(points: readonly Point[], theme: Theme): string {
  return element("path", {
    d: levelCurve(points),
    fill: "none",
    stroke: theme.line,
    "stroke-width": PLAIN_LINE_WIDTH,
  });
}

/** Draws the name of a primitive in its box, whose left end is at `x` and whose middle is at `y`; that of noise has no colour. */
export function drawLabel(primitive: Primitive, { x, y }: Point, theme: Theme, look: EdgeLook): string {
  const colour = look.isNoise ? theme.faintText : PRIMITIVE_COLOURS[theme.name][primitive];
  const dash = look.isNoise ? { "stroke-dasharray": "2 3" } : {};
  const box = { x, y: y - LABEL.height / 2, width: LABEL.width, height: LABEL.height, rx: LABEL.height / 2 };
  const markup =
    element("rect", { ...box, fill: colour, "fill-opacity": 0.16, stroke: colour, "stroke-width": 1.25, ...dash }) +
    centredText(primitive, { x: x + LABEL.width / 2, y: y + 4 }, LABEL_FONT_SIZE, {
      "font-family": CODE_FONT,
      fill: look.isNoise ? theme.faintText : theme.text,
    });
  return (
    element("rect", { ...box, fill: theme.card }) + (look.isFaint ? element("g", opacityOf(look), markup) : markup)
  );
}

function opacityOf({ isFaint }: EdgeLook): Readonly<Record<string, number>> {
  return isFaint ? { opacity: FAINT_OPACITY } : {};
}

/** Draws an input or the output of a cell: a name and, below it, what it is. */
export function drawEnd(name: string, meaning: string, box: Box, theme: Theme): string {
  const x = box.x + box.width / 2;
  return (
    element("rect", { ...box, rx: 8, fill: theme.state, stroke: theme.text, "stroke-width": 1.5 }) +
    centredText(name, { x, y: box.y + 18 }, 13, { "font-family": CODE_FONT, "font-weight": 600, fill: theme.text }) +
    centredText(meaning, { x, y: box.y + 33 }, 11, { "font-family": TEXT_FONT, fill: theme.faintText })
  );
}

/** Draws a node, which sums what its ops give, at the right end of its box. */
export function drawNode(node: number, box: Box, theme: Theme): string {
  const centre = { x: box.x + box.width - NODE_SIZE / 2, y: box.y + box.height / 2 };
  const circle = { cx: centre.x, cy: centre.y, r: NODE_SIZE / 2 };
  return (
    element("circle", { ...circle, fill: theme.state, stroke: theme.text, "stroke-width": 1.5 }) +
    centredText(String(node), { x: centre.x, y: centre.y + 4.5 }, 13, {
      "font-family": CODE_FONT,
      "font-weight": 600,
      fill: theme.text,
    })
  );
}

function centredText(
  text: string,
  at: Point,
  fontSize: number,
  style: Readonly<Record<string, string | number>>,
): string {
  return textElement(text, { x: at.x, y: at.y, "text-anchor": "middle", "font-size": fontSize, ...style });
}

function longestName(): number {
  return Math.max(...PRIMITIVES.map((name) => name.length));
}
