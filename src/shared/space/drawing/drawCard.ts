import { element, type Fragment, placeAt, placeBeside, TEXT_FONT, textElement } from "./svg.ts";
import type { Theme } from "./theme.ts";

/** A framed part of a figure with a heading. */
export interface Card {
  readonly title: string;
  readonly subtitle: string;
  readonly content: Fragment;
}

/** Room between a card's frame and its content in pixels. */
export const CARD_PADDING = 24;

const HEADER_HEIGHT = 54;
const BASELINE = 32;

/** Draws cards of one width beside each other, as high as the highest, with their contents in the middle. */
export function drawCardRow(
  cards: readonly Card[],
  { width, gap }: { readonly width: number; readonly gap: number },
  theme: Theme,
): Fragment {
  const contentHeight = Math.max(...cards.map(({ content }) => content.height));
  return placeBeside(
    cards.map((card) => drawCard(card, width, contentHeight, theme)),
    gap,
  );
}

function drawCard({ title, subtitle, content }: Card, width: number, contentHeight: number, theme: Theme): Fragment {
  const height = HEADER_HEIGHT + contentHeight + CARD_PADDING;
  const frame = { x: 0.5, y: 0.5, width: width - 1, height: height - 1, rx: 12 };
  const text = { y: BASELINE, "font-family": TEXT_FONT };
  const markup = [
    element("rect", { ...frame, fill: theme.card, stroke: theme.border }),
    textElement(title, { x: CARD_PADDING, ...text, "font-size": 15, "font-weight": 600, fill: theme.text }),
    textElement(subtitle, {
      x: width - CARD_PADDING,
      ...text,
      "text-anchor": "end",
      "font-size": 12,
      fill: theme.faintText,
    }),
    placeAt(content, (width - content.width) / 2, HEADER_HEIGHT + (contentHeight - content.height) / 2),
  ];
  return { markup: markup.join(""), width, height };
}
