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

/** Draws the line of a kept edge in the colour of its primitive, as wide as its strength 0..1 where that is told. */
export function drawEdge(primitive: Primitive, points: readonly Point[], theme: Theme, strength?: number): string {
  const stroke = PRIMITIVE_COLOURS[theme.name][primitive];
  const dash = primitive === "skip_connect" ? { "stroke-dasharray": "6 4" } : {};
  const width = strength === undefined ? EDGE_WIDTH : WEAKEST_WIDTH + strength * (STRONGEST_WIDTH - WEAKEST_WIDTH);
  return element("path", { d: levelCurve(points), fill: "none", stroke, "stroke-width": width, ...dash });
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

/** Draws the name of a primitive in its box, whose left end is at `x` and whose middle is at `y`. */
export function drawLabel(primitive: Primitive, { x, y }: Point, theme: Theme): string {
  const colour = PRIMITIVE_COLOURS[theme.name][primitive];
  const box = { x, y: y - LABEL.height / 2, width: LABEL.width, height: LABEL.height, rx: LABEL.height / 2 };
  return (
    element("rect", { ...box, fill: theme.card }) +
    element("rect", { ...box, fill: colour, "fill-opacity": 0.16, stroke: colour, "stroke-width": 1.25 }) +
    centredText(primitive, { x: x + LABEL.width / 2, y: y + 4 }, LABEL_FONT_SIZE, {
      "font-family": CODE_FONT,
      fill: theme.text,
    })
  );
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
