import { isPrimitive, PRIMITIVES } from "#shared/space/cells/primitives.ts";
import { flatten } from "#shared/space/spaces/motifs/flatten.ts";
import type { Motif, MotifEdge, MotifGenotype } from "#shared/space/spaces/motifs/genotype.ts";

import { type Card, CARD_PADDING, drawCardRow } from "./drawCard.ts";
import { countedText, drawDocument, drawHeader, type DrawingOptions } from "./drawDocument.ts";
import { drawLegend } from "./drawLegend.ts";
import { PRIMITIVE_COLOURS } from "./primitiveColours.ts";
import { CODE_FONT, element, type Fragment, stackDown, textElement } from "./svg.ts";
import { type Theme, THEMES } from "./theme.ts";

const GAP = 20;
/** Room for the name of a primitive between two nodes. */
const STEP = 108;
const RADIUS = 13;
/** How high the arc of an edge is for each node that it passes. */
const RISE = 40;
const COLUMNS = 3;
/** Below this motifs stand one by one, so that the header has room. */
const LEAST_WIDTH = 460;

/** Draws a hierarchy as a standalone SVG document, the cell first, then the motifs that its edges carry, level by level. */
export function drawMotifs(genotype: MotifGenotype, { title, theme: themeName }: DrawingOptions): string {
  const theme = THEMES[themeName];
  const { levels, cells } = genotype;
  const rows = levels
    .map((motifs, level) => ({ motifs, level }))
    .toReversed()
    .flatMap(({ motifs, level }) =>
      inRows(motifs.map((motif, index) => toCard(genotype, motif, { level, index }, theme))),
    );
  const width = Math.max(LEAST_WIDTH, ...rows.map(widthOf));
  const flat = flatten(genotype);
  const used = new Set(flat.edges.map(({ primitive }) => primitive));
  const size = `${countedText(cells, "cell")} of ${countedText(flat.edges.length, "edge")} in ${countedText(levels.length + 1, "level")}`;
  const legend = PRIMITIVES.filter((primitive) => used.has(primitive));
  const parts = [
    drawHeader({ title, size, genotype }, width, theme),
    ...rows.map((row) => drawCardRow(row, { width: (width + GAP) / row.length - GAP, gap: GAP }, theme)),
    drawLegend(legend, width, theme),
  ];
  return drawDocument({ ...stackDown(parts, GAP), width }, title, theme);
}

function widthOf(row: readonly Card[]): number {
  const widest = Math.max(...row.map(({ content }) => content.width));
  return row.length * (widest + 2 * CARD_PADDING + GAP) - GAP;
}

function inRows(cards: readonly Card[]): Card[][] {
  const rows = Math.ceil(cards.length / COLUMNS);
  return Array.from({ length: rows }, (_, row) => cards.slice(row * COLUMNS, (row + 1) * COLUMNS));
}

interface MotifPlace {
  readonly level: number;
  readonly index: number;
}

function toCard({ levels }: MotifGenotype, motif: Motif, { level, index }: MotifPlace, theme: Theme): Card {
  const isCell = level === levels.length - 1;
  const uses = levels[level + 1]?.flatMap(({ edges }) => edges).filter(({ op }) => op === `motif_${index}`).length;
  return {
    title: isCell ? "Cell" : `motif_${index}`,
    subtitle: uses === undefined ? `level ${level + 2}` : `level ${level + 2}, used ${countedText(uses, "time")}`,
    content: drawMotif(motif, theme),
  };
}

/** Draws the nodes of a motif on a line, and over it an arc with its op for each edge. */
function drawMotif({ nodes, edges }: Motif, theme: Theme): Fragment {
  const longest = Math.max(...edges.map(({ from, to }) => to - from));
  const baseline = longest * RISE + RADIUS + 6;
  const width = (nodes - 1) * STEP + 2 * RADIUS + 4;
  const toX = (node: number): number => RADIUS + 2 + node * STEP;
  const circles = Array.from({ length: nodes }, (_, node) => {
    const circle = { cx: toX(node), cy: baseline, r: RADIUS, fill: theme.state, stroke: theme.text };
    const text = { x: toX(node), y: baseline + 4, "text-anchor": "middle", "font-family": CODE_FONT, "font-size": 12 };
    return (
      element("circle", { ...circle, "stroke-width": 1.5 }) + textElement(String(node), { ...text, fill: theme.text })
    );
  });
  const arcs = edges.map((edge) => drawArc(edge, { start: toX(edge.from), end: toX(edge.to), baseline }, theme));
  return { markup: [...arcs, ...circles].join(""), width, height: baseline + RADIUS + 2 };
}

interface Arc {
  readonly start: number;
  readonly end: number;
  readonly baseline: number;
}

function drawArc({ from, to, op }: MotifEdge, { start, end, baseline }: Arc, theme: Theme): string {
  const colour = isPrimitive(op) ? PRIMITIVE_COLOURS[theme.name][op] : theme.accent;
  const height = (to - from) * RISE;
  const foot = baseline - RADIUS;
  // A curve reaches three quarters of the way to its handles.
  const handle = Math.round(foot - (height * 4) / 3 + RADIUS);
  const d = `M${start} ${foot}C${start} ${handle} ${end} ${handle} ${end} ${foot}`;
  const dash = op === "skip_connect" ? { "stroke-dasharray": "6 4" } : {};
  const middle = { x: (start + end) / 2, y: foot - (foot - handle) * 0.75 - 5 };
  return (
    element("path", { d, fill: "none", stroke: colour, "stroke-width": 2.25, ...dash }) +
    textElement(op, {
      ...middle,
      "text-anchor": "middle",
      "font-family": CODE_FONT,
      "font-size": 12,
      fill: theme.text,
    })
  );
}
