import { at } from "#shared/at.ts";
import type { ArchView } from "#shared/space/cells/archView.ts";

import { drawSearchedCell } from "./drawSearchedCell.ts";
import { drawTrellis, type Trellis } from "./drawTrellis.ts";
import { drawWidthPath } from "./drawWidthPath.ts";
import { element, type Fragment, type Point, TEXT_FONT, textElement } from "./svg.ts";
import type { Theme } from "./theme.ts";

/** A score at an epoch of a search. */
export interface EpochScore {
  readonly epoch: number;
  readonly psnrDb: number;
}

/** What a picture of a search at one time shows. */
export interface SearchFrame {
  readonly name: string;
  /** The last epoch that there is. */
  readonly lastEpoch: number;
  readonly view: ArchView;
  readonly layer: number;
  /** Null for a space that has none, which shows its width path alone. */
  readonly trellis: Trellis | null;
  /** All validations of the search. */
  readonly scores: readonly EpochScore[];
  /** The sample photo at this time, as an address that holds it itself, and what is said of it; null where there is none. */
  readonly sample: { readonly address: string; readonly text: string } | null;
}

interface Area {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** All frames of a search have one size, in pixels. */
export const FRAME_SIZE = { width: 960, height: 600 };
const CELL: Area = { x: 24, y: 64, width: 652, height: 300 };
const TRELLIS: Area = { x: 24, y: 388, width: 652, height: 188 };
const PHOTO: Area = { x: 704, y: 64, width: 232, height: 232 };
const CURVE: Area = { x: 712, y: 388, width: 216, height: 160 };
const CLOCK: Area = { x: 704, y: 36, width: 232, height: 6 };
const DOT_RADIUS = 5;

/** Draws a search at one time as a standalone SVG document: cell, width path, sample photo and validation curve on one clock. */
export function drawSearchFrame(frame: SearchFrame, theme: Theme): string {
  const { name, view, layer, trellis, lastEpoch, sample } = frame;
  const cell = drawSearchedCell(view, { layer, hasAllEdges: true, threshold: 0 }, theme);
  const widths = trellis === null ? drawWidthPath(view.genotype, theme) : drawTrellis(trellis, theme);
  const markup = [
    element("rect", { ...FRAME_SIZE, fill: theme.page }),
    drawText(name, { x: CELL.x, y: 38 }, { "font-size": 18, "font-weight": 700, fill: theme.text }),
    drawClock(view.epoch, lastEpoch, theme),
    fit(cell, CELL),
    drawText(`cell of layer ${layer}`, { x: CELL.x, y: CELL.y + CELL.height }, { fill: theme.faintText }),
    fit(widths, TRELLIS),
    ...(sample === null ? [] : drawSample(sample, theme)),
    drawScores(frame, theme),
  ];
  const attributes = { xmlns: "http://www.w3.org/2000/svg", ...FRAME_SIZE };
  return element("svg", attributes, markup.join(""));
}

function drawClock(epoch: number, lastEpoch: number, theme: Theme): string {
  const share = lastEpoch === 0 ? 1 : Math.min(1, epoch / lastEpoch);
  return (
    element("rect", { ...CLOCK, rx: 3, fill: theme.border }) +
    element("rect", { ...CLOCK, width: CLOCK.width * share, rx: 3, fill: theme.accent }) +
    drawText(
      `epoch ${Math.floor(epoch)} of ${lastEpoch}`,
      { x: CLOCK.x, y: CLOCK.y - 8 },
      { fill: theme.text, "font-variant-numeric": "tabular-nums" },
    )
  );
}

function drawSample({ address, text }: NonNullable<SearchFrame["sample"]>, theme: Theme): string[] {
  return [
    element("image", { ...PHOTO, href: address, preserveAspectRatio: "xMidYMid meet" }),
    drawText(text, { x: PHOTO.x, y: PHOTO.y + PHOTO.height + 20 }, { fill: theme.text }),
  ];
}

/** The whole curve is faint, and what is past stands out of it. */
function drawScores({ scores, view }: SearchFrame, theme: Theme): string {
  if (scores.length < 2) return "";
  const epochs = scores.map(({ epoch }) => epoch);
  const values = scores.map(({ psnrDb }) => psnrDb);
  const [first, last] = [Math.min(...epochs), Math.max(...epochs)];
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const pointOf = ({ epoch, psnrDb }: EpochScore): Point => ({
    x: CURVE.x + ((epoch - first) / Math.max(1e-9, last - first)) * CURVE.width,
    y: CURVE.y + (1 - (psnrDb - low) / Math.max(1e-9, high - low)) * CURVE.height,
  });
  const now = scoreAt(scores, view.epoch);
  const past = [...scores.filter(({ epoch }) => epoch < now.epoch), now];
  const dot = pointOf(now);
  return (
    drawLine(scores.map(pointOf), { stroke: theme.line, "stroke-opacity": 0.5, "stroke-width": 1.5 }) +
    drawLine(past.map(pointOf), { stroke: theme.accent, "stroke-width": 2.5 }) +
    element("circle", { cx: dot.x, cy: dot.y, r: DOT_RADIUS, fill: theme.accent }) +
    drawText(
      `validation ${now.psnrDb.toFixed(2)} dB`,
      { x: PHOTO.x, y: CURVE.y - 16 },
      { fill: theme.text, "font-variant-numeric": "tabular-nums" },
    )
  );
}

/** The score at an epoch between two validations lies on the line between them; before the first and after the last it is theirs. */
function scoreAt(scores: readonly EpochScore[], epoch: number): EpochScore {
  const after = scores.findIndex((score) => score.epoch >= epoch);
  if (after === -1) return at(scores, scores.length - 1, "scores");
  const next = at(scores, after, "scores");
  const before = scores[after - 1];
  if (before === undefined) return next;
  const share = (epoch - before.epoch) / (next.epoch - before.epoch);
  return { epoch, psnrDb: before.psnrDb + share * (next.psnrDb - before.psnrDb) };
}

function drawLine(points: readonly Point[], style: Readonly<Record<string, string | number>>): string {
  const text = points.map(({ x, y }) => `${x.toFixed(1)},${y.toFixed(1)}`).join(" ");
  return element("polyline", { points: text, fill: "none", "stroke-linejoin": "round", ...style });
}

/** Puts a drawing into the middle of an area, as large as fits. */
function fit({ markup, width, height }: Fragment, area: Area): string {
  const scale = Math.min(area.width / width, area.height / height);
  const [x, y] = [area.x + (area.width - width * scale) / 2, area.y + (area.height - height * scale) / 2];
  return element("g", { transform: `translate(${x.toFixed(2)} ${y.toFixed(2)}) scale(${scale.toFixed(4)})` }, markup);
}

function drawText(text: string, { x, y }: Point, style: Readonly<Record<string, string | number>>): string {
  return textElement(text, { x, y, "font-family": TEXT_FONT, "font-size": 13, ...style });
}
