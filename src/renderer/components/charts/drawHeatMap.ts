import { at } from "#shared/at.ts";
import { decimalsThatDiffer } from "#renderer/format/numbers.ts";

import { mixColours, resolveColour, toReadableColour } from "./chartColours.ts";

/** What a heat map shows. */
export interface HeatMapPicture {
  /** `[rows, columns]`. */
  readonly values: readonly (readonly number[])[];
  readonly columns: number;
  /** The values that the palest and the fullest colour stand for, by row. */
  readonly ranges: readonly (readonly [number, number])[];
  /** Cells with a frame, as row and column. */
  readonly marks: readonly (readonly [number, number])[];
  /** The column with a frame from top to bottom; null for none. */
  readonly markedColumn: number | null;
  /** Size in CSS pixels. */
  readonly width: number;
  readonly rowHeight: number;
}

/** Cells as wide as this have room for their value, in so large a type and with so many decimals at most. */
const VALUE_ROOM = [
  { fromPx: 40, fontPx: 11, decimals: 4 },
  { fromPx: 27, fontPx: 10, decimals: 3 },
] as const;
const LEAST_DECIMALS = 3;
/** Narrower cells leave no gap, or nothing would be left of them. */
const LEAST_WITH_GAP_PX = 8;
/** The palest cell is still told from the background. */
const LEAST_FULLNESS = 0.04;

/** Draws a heat map in the colours of the theme, sharp on any screen. */
export function drawHeatMap(canvas: HTMLCanvasElement, picture: HeatMapPicture): void {
  const context = canvas.getContext("2d");
  if (context === null) return;
  const { values, columns, width, rowHeight } = picture;
  const scale = window.devicePixelRatio;
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(values.length * rowHeight * scale);
  context.scale(scale, scale);
  context.textAlign = "center";
  context.textBaseline = "middle";
  const cell = width / columns;
  const gap = cell < LEAST_WITH_GAP_PX ? 0 : 1;
  const room = VALUE_ROOM.find(({ fromPx }) => cell >= fromPx);
  const decimals = decimalsThatDiffer(values.flat(), { least: LEAST_DECIMALS, most: room?.decimals ?? LEAST_DECIMALS });
  context.font = `${room?.fontPx ?? 0}px ${getComputedStyle(canvas).fontFamily}`;
  const accent = resolveColour("var(--accent)", canvas);
  const surface = resolveColour("var(--surface)", canvas);
  for (const [row, rowValues] of values.entries()) {
    const range = at(picture.ranges, row, "ranges of rows");
    for (const [column, value] of rowValues.entries()) {
      const fullness = LEAST_FULLNESS + (1 - LEAST_FULLNESS) * toFullness(value, range);
      const fill = mixColours(surface, accent, fullness);
      context.fillStyle = fill;
      context.fillRect(column * cell + gap, row * rowHeight + 1, cell - 2 * gap, rowHeight - 2);
      if (room === undefined) continue;
      context.fillStyle = toReadableColour(fill);
      context.fillText(value.toFixed(decimals).replace(/^0/, ""), (column + 0.5) * cell, (row + 0.5) * rowHeight + 0.5);
    }
  }
  context.strokeStyle = resolveColour("var(--text)", canvas);
  context.lineWidth = 1.5;
  strokeFrames(context, picture, cell);
}

function strokeFrames(context: CanvasRenderingContext2D, picture: HeatMapPicture, cell: number): void {
  const { values, marks, markedColumn, rowHeight } = picture;
  for (const [row, column] of marks) {
    context.strokeRect(column * cell + 1.75, row * rowHeight + 1.75, cell - 3.5, rowHeight - 3.5);
  }
  if (markedColumn === null) return;
  context.strokeRect(markedColumn * cell + 0.75, 0.75, Math.max(1, cell - 1.5), values.length * rowHeight - 1.5);
}

function toFullness(value: number, [low, high]: readonly [number, number]): number {
  return high > low ? Math.min(1, Math.max(0, (value - low) / (high - low))) : 0;
}
