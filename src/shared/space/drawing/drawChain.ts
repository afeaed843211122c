import { PRIMITIVES } from "#shared/space/cells/primitives.ts";
import {
  type ChainGenotype,
  type ChainLayer,
  type ChainValue,
  widthFactorOf,
} from "#shared/space/spaces/chain/genotype.ts";

import { drawEnd, drawLabel, LABEL, PLAIN_LOOK } from "./cellParts.ts";
import { type Card, CARD_PADDING, drawCardRow } from "./drawCard.ts";
import { countedText, drawDocument, drawHeader, type DrawingOptions } from "./drawDocument.ts";
import { drawLegend } from "./drawLegend.ts";
import { element, type Fragment, type Point, stackDown, TEXT_FONT, textElement } from "./svg.ts";
import { type Theme, THEMES } from "./theme.ts";

const GAP = 20;
const ROW_HEIGHT = 52;
const END = { width: 96, height: 40 };
/** Room for the curves of skips beside the layers; the longest reaches out to its end. */
const SKIP_ROOM = 120;
const FACTS_WIDTH = 190;

/** Draws a chain as a standalone SVG document: its layers from top to bottom, and curves where they skip from. */
export function drawChain(genotype: ChainGenotype, { title, theme: themeName }: DrawingOptions): string {
  const theme = THEMES[themeName];
  const content = drawLayers(genotype, theme);
  const width = content.width + 2 * CARD_PADDING;
  const card: Card = { title: "Layers", subtitle: "curves: values that are added", content };
  const used = new Set<string>(genotype.layers.map(({ primitive }) => primitive));
  const legend = PRIMITIVES.filter((primitive) => used.has(primitive));
  const rows = [
    drawHeader({ title, size: `chain of ${countedText(genotype.layers.length, "layer")}`, genotype }, width, theme),
    drawCardRow([card], { width, gap: GAP }, theme),
    drawLegend(legend, width, theme),
  ];
  return drawDocument({ ...stackDown(rows, GAP), width }, title, theme);
}

function drawLayers(genotype: ChainGenotype, theme: Theme): Fragment {
  const { layers } = genotype;
  const middle = SKIP_ROOM + LABEL.width / 2;
  const pointOf = (row: number): Point => ({ x: middle, y: (row + 0.5) * ROW_HEIGHT });
  const rows = layers.length + 2;
  const markup = [
    element("path", {
      d: `M${middle} ${pointOf(0).y}V${pointOf(rows - 1).y}`,
      fill: "none",
      stroke: theme.line,
      "stroke-width": 1.5,
    }),
    ...layers.map(({ skipFrom }, index) =>
      skipFrom === null ? "" : drawSkip(pointOf(rowOf(skipFrom)), pointOf(index + 1), theme),
    ),
    drawEndAt("stem", "first convolution", pointOf(0), theme),
    ...layers.map((layer, index) => drawLayer(genotype, layer, pointOf(index + 1), theme)),
    drawEndAt("noise", "subtracted", pointOf(rows - 1), theme),
  ];
  return { markup: markup.join(""), width: SKIP_ROOM + LABEL.width + FACTS_WIDTH, height: rows * ROW_HEIGHT };
}

/** The row of a value: the stem's is the first. */
function rowOf(value: ChainValue): number {
  return value === "stem" ? 0 : Number(value.slice("layer_".length)) + 1;
}

function drawLayer(genotype: ChainGenotype, layer: ChainLayer, point: Point, theme: Theme): string {
  const apart = layer.dilation === 1 ? "" : `, dilation ${layer.dilation}`;
  const facts = `width ×${widthFactorOf(genotype, layer)}${apart}`;
  const x = point.x + LABEL.width / 2 + 14;
  return (
    drawLabel(layer.primitive, { x: point.x - LABEL.width / 2, y: point.y }, theme, PLAIN_LOOK) +
    textElement(facts, { x, y: point.y + 4, "font-family": TEXT_FONT, "font-size": 12, fill: theme.faintText })
  );
}

function drawEndAt(name: string, meaning: string, { x, y }: Point, theme: Theme): string {
  return drawEnd(name, meaning, { x: x - END.width / 2, y: y - END.height / 2, ...END }, theme);
}

/** A curve beside the layers from where a value is made to where it is added; longer ones reach further out. */
function drawSkip(from: Point, to: Point, theme: Theme): string {
  const left = from.x - LABEL.width / 2;
  const rows = (to.y - from.y) / ROW_HEIGHT;
  // The middle of such a curve lies three quarters of the way to where its handles are.
  const out = Math.round(left - (Math.min(SKIP_ROOM, 24 + 12 * rows) * 4) / 3);
  const d = `M${left} ${from.y}C${out} ${from.y} ${out} ${to.y} ${left} ${to.y}`;
  return element("path", { d, fill: "none", stroke: theme.accent, "stroke-width": 2 });
}
