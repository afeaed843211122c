import { type AnyGenotype, genotypeHash } from "#shared/space/spaces/spaces.ts";

import type { ThemeName } from "./primitiveColours.ts";
import { element, escapeText, type Fragment, placeAt, TEXT_FONT, textElement } from "./svg.ts";
import type { Theme } from "./theme.ts";

/** What the drawing says above the architecture, and for which background it is made. */
export interface DrawingOptions {
  readonly title: string;
  readonly theme: ThemeName;
}

const MARGIN = 32;
const HEADER_HEIGHT = 50;
const TITLE_SIZE = 20;
/** Mean width of a bold character as a share of the font size, in the widest of the fonts. */
const BOLD_CHARACTER = 0.65;

/** What stands above a drawing: a title, how large the architecture is, and its genotype's hash. */
interface Header {
  readonly title: string;
  readonly size: string;
  readonly genotype: AnyGenotype;
}

/** Draws the header of an architecture in a figure of a width in pixels. */
export function drawHeader({ title, size, genotype }: Header, width: number, theme: Theme): Fragment {
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

/** Writes a count and its noun, which has an s unless it is one. */
export function countedText(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

/** Makes a standalone SVG document of a figure. */
export function drawDocument(body: Fragment, title: string, theme: Theme): string {
  const width = Math.ceil(body.width) + 2 * MARGIN;
  const height = Math.ceil(body.height) + 2 * MARGIN;
  const content =
    element("title", {}, escapeText(title)) +
    element("rect", { width, height, fill: theme.page }) +
    placeAt(body, MARGIN, MARGIN);
  const attributes = { xmlns: "http://www.w3.org/2000/svg", width, height, viewBox: `0 0 ${width} ${height}` };
  return `${element("svg", { ...attributes, role: "img", "aria-label": title }, content)}\n`;
}

/** Cuts a title to what the width has room for; the document's own title keeps all of it. */
function shorten(title: string, width: number): string {
  const room = Math.floor(width / (TITLE_SIZE * BOLD_CHARACTER));
  const characters = Array.from(title);
  return characters.length <= room ? title : `${characters.slice(0, room - 1).join("")}\u2026`;
}
