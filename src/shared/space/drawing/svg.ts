/** A piece of a drawing: its markup in its own coordinates from 0, and the room it takes in pixels. */
export interface Fragment {
  readonly markup: string;
  readonly width: number;
  readonly height: number;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

export const TEXT_FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', 'DejaVu Sans', sans-serif";
export const CODE_FONT = "ui-monospace, 'SF Mono', 'Cascadia Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace";

/** Width of one character of `CODE_FONT` as a share of the font size; all its fonts are close to it. */
export const CODE_CHARACTER = 0.61;

/** Builds an element; attributes and their order are as given, values are escaped, `content` is markup. */
export function element(name: string, attributes: Readonly<Record<string, string | number>>, content = ""): string {
  const text = Object.entries(attributes)
    .map(([key, value]) => ` ${key}="${typeof value === "number" ? round(value) : escapeText(value)}"`)
    .join("");
  return content === "" ? `<${name}${text}/>` : `<${name}${text}>${content}</${name}>`;
}

/** Builds a text element; `content` is plain text. */
export function textElement(content: string, attributes: Readonly<Record<string, string | number>>): string {
  return element("text", attributes, escapeText(content));
}

/** Moves a fragment to a place. */
export function placeAt(fragment: Fragment, x: number, y: number): string {
  return element("g", { transform: `translate(${round(x)} ${round(y)})` }, fragment.markup);
}

/** Puts fragments below each other. */
export function stackDown(fragments: readonly Fragment[], gap: number): Fragment {
  let [markup, width, y] = ["", 0, 0];
  for (const fragment of fragments) {
    markup += placeAt(fragment, 0, y);
    width = Math.max(width, fragment.width);
    y += fragment.height + gap;
  }
  return { markup, width, height: Math.max(0, y - gap) };
}

/** Puts fragments beside each other. */
export function placeBeside(fragments: readonly Fragment[], gap: number): Fragment {
  let [markup, x, height] = ["", 0, 0];
  for (const fragment of fragments) {
    markup += placeAt(fragment, x, 0);
    height = Math.max(height, fragment.height);
    x += fragment.width + gap;
  }
  return { markup, width: Math.max(0, x - gap), height };
}

/** Returns path data through points from left to right that leaves and enters each of them level. */
export function levelCurve(points: readonly Point[]): string {
  const [first, ...rest] = points;
  if (first === undefined) return "";
  let data = `M${round(first.x)} ${round(first.y)}`;
  let from = first;
  for (const to of rest) {
    const middle = round((from.x + to.x) / 2);
    data +=
      from.y === to.y
        ? `H${round(to.x)}`
        : `C${middle} ${round(from.y)} ${middle} ${round(to.y)} ${round(to.x)} ${round(to.y)}`;
    from = to;
  }
  return data;
}

/** Makes text safe inside markup and attributes; characters that XML forbids are dropped. */
export function escapeText(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, "")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}

/** Hundredths of a pixel are enough and keep files small and equal on every machine. */
function round(value: number): number {
  return Math.round(value * 100) / 100;
}
