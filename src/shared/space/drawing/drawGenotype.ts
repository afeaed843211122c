import { at } from "#shared/at.ts";
import type { Genotype } from "#shared/space/cells/genotype.ts";
import { genotypeHash } from "#shared/space/spaces/spaces.ts";
import { type Primitive, PRIMITIVES } from "#shared/space/cells/primitives.ts";
import { placeText, scalesOfLayers } from "#shared/space/spaces/scales/places.ts";
import { endpointLayer } from "#shared/space/spaces/widths/widthLevels.ts";

import { type Card, CARD_PADDING, drawCardRow } from "./drawCard.ts";
import { drawCell } from "./drawCell.ts";
import { drawLegend } from "./drawLegend.ts";
import { drawWidthPath } from "./drawWidthPath.ts";
import type { ThemeName } from "./primitiveColours.ts";
import { element, escapeText, type Fragment, placeAt, stackDown, TEXT_FONT, textElement } from "./svg.ts";
import { type Theme, THEMES } from "./theme.ts";

/** What the drawing says above the cells, and for which background it is made. */
export interface DrawingOptions {
  readonly title: string;
  readonly theme: ThemeName;
}

const MARGIN = 32;
const GAP = 20;
const HEADER_HEIGHT = 50;
const TITLE_SIZE = 20;
/** Mean width of a bold character as a share of the font size, in the widest of the fonts. */
const BOLD_CHARACTER = 0.65;
/** Deeper architectures are drawn in two columns, so that the figure fits a page. */
const MAX_SINGLE_COLUMN_LAYERS = 3;

/**
 * Draws a genotype as a standalone SVG document: the width path, the cell of every layer and what the colours mean.
 * Cells are drawn from the forward pass: s1 is the layer before the previous one.
 */
export function drawGenotype(genotype: Genotype, { title, theme: themeName }: DrawingOptions): string {
  const theme = THEMES[themeName];
  const isU = genotype.schema === "hinas.scales";
  const trellis: Card = {
    title: isU ? "Width levels" : "Width path",
    subtitle: `multiple of the filters, ${isU ? "place by place" : "layer by layer"}`,
    content: drawWidthPath(genotype, theme),
  };
  const layers = genotype.cells.map((_, layer) => layerCard(genotype, layer, theme));
  const columns = layers.length > MAX_SINGLE_COLUMN_LAYERS ? 2 : 1;
  const widestCell = Math.max(...layers.map(({ content }) => content.width)) + 2 * CARD_PADDING;
  const width = Math.max(columns * (widestCell + GAP) - GAP, trellis.content.width + 2 * CARD_PADDING);
  const rows = [
    drawHeader(genotype, title, width, theme),
    drawCardRow([trellis], { width, gap: GAP }, theme),
    ...inRows(layers, columns).map((row) =>
      drawCardRow(row, { width: (width + GAP) / columns - GAP, gap: GAP }, theme),
    ),
    drawLegend(primitivesOf(genotype), width, theme),
  ];
  return drawDocument({ ...stackDown(rows, GAP), width }, title, theme);
}

function layerCard(genotype: Genotype, layer: number, theme: Theme): Card {
  const { schema, cells, widthFactors, widthPath } = genotype;
  const factor = at(widthFactors, at(widthPath, layer, "width path"), "width factors");
  const content = drawCell(genotype, layer, theme);
  if (schema === "hinas.scales") {
    return { title: `Place ${layer}`, subtitle: `${placeText(layer, cells.length)}, width \u00d7${factor}`, content };
  }
  const endpoint = endpointLayer(widthPath) === layer ? ", also read by the decoder's skip branch" : "";
  return {
    title: `Layer ${layer}`,
    subtitle: `width \u00d7${factor}${endpoint}`,
    content,
  };
}

function primitivesOf({ cells }: Genotype): Primitive[] {
  const used = new Set(cells.flatMap(({ nodes }) => nodes.flat().map(({ primitive }) => primitive)));
  return PRIMITIVES.filter((primitive) => used.has(primitive));
}

function inRows<T>(items: readonly T[], columns: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / columns) }, (_, row) =>
    items.slice(row * columns, (row + 1) * columns),
  );
}

function drawHeader(genotype: Genotype, title: string, width: number, theme: Theme): Fragment {
  const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? "" : "s"}`;
  const { schema, cells } = genotype;
  const places = schema === "hinas.scales" ? `U of ${counted(scalesOfLayers(cells.length), "scale")}, ` : "";
  const size = `${places}${counted(cells.length, "layer")} of ${counted(at(cells, 0, "cells").nodes.length, "node")}`;
  const text = { x: 0, "font-family": TEXT_FONT };
  const markup =
    textElement(shorten(title, width), {
      ...text,
      y: 22,
      "font-size": TITLE_SIZE,
      "font-weight": 700,
      fill: theme.text,
    }) +
    textElement(`${size}, genotype ${genotypeHash(genotype)}`, {
      ...text,
      y: 45,
      "font-size": 13,
      fill: theme.faintText,
    });
  return { markup, width: 0, height: HEADER_HEIGHT };
}

/** Cuts a title to what the width has room for; the document's own title keeps all of it. */
function shorten(title: string, width: number): string {
  const room = Math.floor(width / (TITLE_SIZE * BOLD_CHARACTER));
  const characters = Array.from(title);
  return characters.length <= room ? title : `${characters.slice(0, room - 1).join("")}\u2026`;
}

function drawDocument(body: Fragment, title: string, theme: Theme): string {
  const width = Math.ceil(body.width) + 2 * MARGIN;
  const height = Math.ceil(body.height) + 2 * MARGIN;
  const content =
    element("title", {}, escapeText(title)) +
    element("rect", { width, height, fill: theme.page }) +
    placeAt(body, MARGIN, MARGIN);
  const attributes = { xmlns: "http://www.w3.org/2000/svg", width, height, viewBox: `0 0 ${width} ${height}` };
  return `${element("svg", { ...attributes, role: "img", "aria-label": title }, content)}\n`;
}
