import { at } from "#shared/at.ts";
import type { MeanBand } from "#shared/statistics/summary.ts";

import { element, escapeText, TEXT_FONT, textElement } from "./svg.ts";
import type { ThemeName } from "./primitiveColours.ts";
import { THEMES } from "./theme.ts";

/** A line with its band; where there is nothing yet, nothing is drawn. */
export interface BandSeries {
  readonly name: string;
  readonly points: readonly (MeanBand | null)[];
}

interface BandChart {
  readonly title: string;
  readonly xLabel: string;
  readonly series: readonly BandSeries[];
  /** The lowest y that is shown; what lies below is cut off. */
  readonly low: number;
  /** On what the picture lies; light where nobody says. */
  readonly theme?: ThemeName;
  /** What stands at a point of the x axis; points are counted from 1 where nobody says. */
  readonly xText?: (index: number) => string;
}

/** Colours that people with any kind of colour vision tell apart (Okabe and Ito); the first stands out from the page. */
const COLOURS = {
  light: ["#000000", "#E69F00", "#0072B2", "#009E73", "#D55E00", "#CC79A7", "#56B4E9", "#8a7a00"],
  dark: ["#ffffff", "#E69F00", "#56B4E9", "#2bc79b", "#ff8a3d", "#e3a1c8", "#6f9dff", "#d8c93a"],
} as const;
const FRAME = { width: 720, height: 420, left: 64, right: 188, top: 44, bottom: 44 };
const TICKS = 5;

/** Draws lines with their bands as a whole SVG with a legend beside them. */
export function drawBands({
  title,
  xLabel,
  series,
  low,
  theme: themeName = "light",
  xText = (index) => String(index + 1),
}: BandChart): string {
  const theme = THEMES[themeName];
  const length = Math.max(...series.map(({ points }) => points.length));
  const high = Math.max(low, ...series.flatMap(({ points }) => points.map((point) => point?.high ?? low)));
  const right = FRAME.width - FRAME.right;
  const bottom = FRAME.height - FRAME.bottom;
  const x = (index: number): number => FRAME.left + ((right - FRAME.left) * index) / Math.max(1, length - 1);
  const y = (value: number): number =>
    bottom - ((bottom - FRAME.top) * (Math.max(low, value) - low)) / (high - low || 1);
  const text = { "font-size": 12, fill: theme.faintText };
  const ticks = Array.from({ length: TICKS + 1 }, (_, index) => low + ((high - low) * index) / TICKS);
  const grid = ticks.map(
    (tick) =>
      element("line", { x1: FRAME.left, x2: right, y1: y(tick), y2: y(tick), stroke: theme.border }) +
      textElement(tick.toPrecision(4), { x: FRAME.left - 8, y: y(tick) + 4, "text-anchor": "end", ...text }),
  );
  const steps = [1, Math.round(length / 3), Math.round((2 * length) / 3), length];
  const axis = steps.map((step) =>
    textElement(xText(step - 1), { x: x(step - 1), y: bottom + 18, "text-anchor": "middle", ...text }),
  );
  const colours = COLOURS[themeName];
  const lines = series.map(({ name, points }, index) => {
    const colour = at(colours, index % colours.length, "colours");
    const place = FRAME.top + 12 + 20 * index;
    const sample = { x1: right + 14, x2: right + 34, y1: place - 4, y2: place - 4, stroke: colour, "stroke-width": 3 };
    const label = textElement(name, { x: right + 40, y: place, "font-size": 12, fill: theme.text });
    return drawBand(points, colour, { x, y }) + element("line", sample) + label;
  });
  const head = textElement(title, { x: FRAME.left, y: 26, "font-size": 15, "font-weight": 600, fill: theme.text });
  const foot = textElement(xLabel, {
    x: (FRAME.left + right) / 2,
    y: FRAME.height - 8,
    "text-anchor": "middle",
    ...text,
  });
  const page = element("rect", { width: FRAME.width, height: FRAME.height, fill: theme.page });
  const view = `0 0 ${FRAME.width} ${FRAME.height}`;
  const attributes = { xmlns: "http://www.w3.org/2000/svg", viewBox: view, "font-family": TEXT_FONT };
  return `${element("svg", attributes, [`<title>${escapeText(title)}</title>`, page, head, ...grid, ...axis, ...lines, foot].join(""))}\n`;
}

/** Draws one line on its band; nothing where no point is known. */
function drawBand(
  points: BandChart["series"][number]["points"],
  colour: string,
  { x, y }: { readonly x: (index: number) => number; readonly y: (value: number) => number },
): string {
  const known = points.flatMap((point, step) => (point === null ? [] : [{ ...point, left: x(step).toFixed(1) }]));
  if (known.length === 0) return "";
  const upper = known.map((point) => `${point.left} ${y(point.high).toFixed(1)}`);
  const lower = known.map((point) => `${point.left} ${y(point.low).toFixed(1)}`).toReversed();
  const middle = known.map((point) => `${point.left} ${y(point.mean).toFixed(1)}`);
  return (
    element("path", { d: `M${[...upper, ...lower].join("L")}Z`, fill: colour, "fill-opacity": 0.15 }) +
    element("path", { d: `M${middle.join("L")}`, fill: "none", stroke: colour, "stroke-width": 1.8 })
  );
}
