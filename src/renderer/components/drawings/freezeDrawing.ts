/** What the rules of a page decide about a drawing, and a file must say itself. */
const DRAWN_PROPERTIES = [
  "fill",
  "stroke",
  "stroke-width",
  "stroke-opacity",
  "stroke-linejoin",
  "paint-order",
  "font-family",
  "font-size",
  "font-weight",
  "font-variant-numeric",
  "text-anchor",
];

/** Writes a drawing of the page as an SVG text that looks the same anywhere, on a background of its own. */
export function freezeDrawing(drawing: SVGSVGElement, background: string): string {
  const copy = drawing.cloneNode(true);
  if (!(copy instanceof SVGSVGElement)) throw new TypeError("freezeDrawing: a copy must be an svg, got something else");
  const originals = [drawing, ...drawing.querySelectorAll("*")];
  for (const [index, element] of [copy, ...copy.querySelectorAll("*")].entries()) {
    const original = originals[index];
    if (original === undefined) continue;
    const look = getComputedStyle(original);
    const rules = DRAWN_PROPERTIES.map((name) => `${name}: ${look.getPropertyValue(name)}`);
    element.setAttribute("style", rules.join("; "));
  }
  const { width, height } = drawing.viewBox.baseVal;
  copy.setAttribute("width", String(width));
  copy.setAttribute("height", String(height));
  const ground = document.createElementNS(copy.namespaceURI, "rect");
  for (const [name, value] of Object.entries({ width, height, fill: background })) {
    ground.setAttribute(name, String(value));
  }
  copy.prepend(ground);
  return new XMLSerializer().serializeToString(copy);
}
