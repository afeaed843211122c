import { assertNever } from "#shared/assertNever.ts";
import { at } from "#shared/at.ts";
import type { Genotype } from "#shared/space/cells/genotype.ts";
import { type Primitive, PRIMITIVES } from "#shared/space/cells/primitives.ts";
import { placeText, scalesOfLayers } from "#shared/space/spaces/scales/places.ts";
import { endpointLayer } from "#shared/space/spaces/widths/widthLevels.ts";

import { type Card, CARD_PADDING, drawCardRow } from "./drawCard.ts";
import { drawCell } from "./drawCell.ts";
import { countedText, drawDocument, drawHeader, type DrawingOptions } from "./drawDocument.ts";
import { drawLegend } from "./drawLegend.ts";
import { drawWidthPath } from "./drawWidthPath.ts";
import { stackDown } from "./svg.ts";
import { type Theme, THEMES } from "./theme.ts";

const GAP = 20;
/** Deeper architectures are drawn in two columns, so that the figure fits a page. */
const MAX_SINGLE_COLUMN_LAYERS = 3;

/**
 * Draws a genotype as a standalone SVG document: the width path, the cell of every layer and what the colours mean.
 * Cells are drawn from the forward pass: s1 is the layer before the previous one.
 */
export function drawGenotype(genotype: Genotype, { title, theme: themeName }: DrawingOptions): string {
  const theme = THEMES[themeName];
  const trellis: Card = {
    ...trellisTexts(genotype),
    content: drawWidthPath(genotype, theme),
  };
  const layers = genotype.cells.map((_, layer) => layerCard(genotype, layer, theme));
  const columns = layers.length > MAX_SINGLE_COLUMN_LAYERS ? 2 : 1;
  const widestCell = Math.max(...layers.map(({ content }) => content.width)) + 2 * CARD_PADDING;
  const width = Math.max(columns * (widestCell + GAP) - GAP, trellis.content.width + 2 * CARD_PADDING);
  const rows = [
    drawHeader({ title, size: sizeText(genotype), genotype }, width, theme),
    drawCardRow([trellis], { width, gap: GAP }, theme),
    ...inRows(layers, columns).map((row) =>
      drawCardRow(row, { width: (width + GAP) / columns - GAP, gap: GAP }, theme),
    ),
    drawLegend(primitivesOf(genotype), width, theme),
  ];
  return drawDocument({ ...stackDown(rows, GAP), width }, title, theme);
}

function trellisTexts({ schema }: Genotype): Pick<Card, "title" | "subtitle"> {
  switch (schema) {
    case "hinas.genotype":
      return { title: "Width path", subtitle: "multiple of the filters, layer by layer" };
    case "hinas.scales":
      return { title: "Width levels", subtitle: "multiple of the filters, place by place" };
    case "hinas.resolutions":
      return { title: "Resolutions", subtitle: "stride, and multiple of the filters, layer by layer" };
    default:
      return assertNever(schema);
  }
}

function layerCard(genotype: Genotype, layer: number, theme: Theme): Card {
  const { schema, cells, widthFactors, widthPath } = genotype;
  const factor = at(widthFactors, at(widthPath, layer, "width path"), "width factors");
  const content = drawCell(genotype, layer, theme);
  if (schema === "hinas.scales") {
    return { title: `Place ${layer}`, subtitle: `${placeText(layer, cells.length)}, width \u00d7${factor}`, content };
  }
  const stride = schema === "hinas.resolutions" ? `stride ${2 ** at(widthPath, layer, "width path")}, ` : "";
  const endpoint = endpointLayer(widthPath) === layer ? ", also read by the decoder's skip branch" : "";
  return {
    title: `Layer ${layer}`,
    subtitle: `${stride}width \u00d7${factor}${endpoint}`,
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

function sizeText({ schema, cells }: Genotype): string {
  const places = schema === "hinas.scales" ? `U of ${countedText(scalesOfLayers(cells.length), "scale")}, ` : "";
  return `${places}${countedText(cells.length, "layer")} of ${countedText(at(cells, 0, "cells").nodes.length, "node")}`;
}
