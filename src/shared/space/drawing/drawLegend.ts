import type { Primitive } from "#shared/space/cells/primitives.ts";

import { drawEdge, PLAIN_LOOK } from "./cellParts.ts";
import { CODE_CHARACTER, CODE_FONT, type Fragment, textElement } from "./svg.ts";
import type { Theme } from "./theme.ts";

const SAMPLE_WIDTH = 30;
const SAMPLE_GAP = 8;
const ITEM_GAP = 26;
const ROW_HEIGHT = 22;
const FONT_SIZE = 12;

/** Draws what the colours of `primitives` mean, in rows of at most `maxWidth` pixels. */
export function drawLegend(primitives: readonly Primitive[], maxWidth: number, theme: Theme): Fragment {
  let [x, y, width] = [0, 0, 0];
  const items = primitives.map((primitive) => {
    const itemWidth = SAMPLE_WIDTH + SAMPLE_GAP + primitive.length * FONT_SIZE * CODE_CHARACTER;
    if (x > 0 && x + itemWidth > maxWidth) [x, y] = [0, y + ROW_HEIGHT];
    const item = drawItem(primitive, x, y + ROW_HEIGHT / 2, theme);
    width = Math.max(width, x + itemWidth);
    x += itemWidth + ITEM_GAP;
    return item;
  });
  return { markup: items.join(""), width, height: y + ROW_HEIGHT };
}

function drawItem(primitive: Primitive, x: number, y: number, theme: Theme): string {
  const line = [
    { x, y },
    { x: x + SAMPLE_WIDTH, y },
  ];
  return (
    drawEdge(primitive, line, theme, PLAIN_LOOK) +
    textElement(primitive, {
      x: x + SAMPLE_WIDTH + SAMPLE_GAP,
      y: y + 4,
      "font-family": CODE_FONT,
      "font-size": FONT_SIZE,
      fill: theme.text,
    })
  );
}
