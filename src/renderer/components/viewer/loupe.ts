import { drawPane, type FindBitmap } from "./drawPane.ts";
import type { PaneContent } from "./pane.ts";
import type { Placement, Point, Size } from "./view.ts";

/** Of the glass, in pixels of the page. */
const DIAMETER_PX = 220;
const RING_PX = 2;
/** Above true size the loupe enlarges by so much. */
const ENLARGED = 4;
/** Pixels that are twice as large as the screen's can be told apart. */
const SINGLE_PIXELS = 2;
const LARGEST_SCALE = 32;

/** At which scale a loupe shows a picture that is seen at one: single pixels where that is smaller than they are, else larger. */
export function loupeScale(scale: number): number {
  return scale < 1 ? SINGLE_PIXELS : Math.min(LARGEST_SCALE, scale * ENLARGED);
}

/** The point of the picture under a point of the pane, in the picture's pixels; null beside the picture. */
export function pointUnder(at: Point, { left, top, scale }: Placement, { width, height }: Size): Point | null {
  const [x, y] = [(at.x - left) / scale, (at.y - top) / scale];
  return x >= 0 && y >= 0 && x < width && y < height ? { x, y } : null;
}

/**
 * Draws a loupe over a point of the picture, upon what is drawn already: the same content, larger, with the line of a wipe where
 * it is. `ratio` are the screen's pixels for one of the page.
 */
export function drawLoupe(
  context: CanvasRenderingContext2D,
  content: PaneContent,
  place: Placement & { readonly size: Size },
  split: number,
  find: FindBitmap,
  point: Point,
  ratio: number,
): void {
  const diameter = Math.round(DIAMETER_PX * ratio);
  const glass = document.createElement("canvas");
  [glass.width, glass.height] = [diameter, diameter];
  const inside = glass.getContext("2d");
  if (inside === null) return;
  const scale = loupeScale(place.scale);
  const [x, y] = [place.left + point.x * place.scale, place.top + point.y * place.scale];
  const radius = diameter / 2;
  const near = { left: Math.round(radius - point.x * scale), top: Math.round(radius - point.y * scale), scale };
  const line = (split * context.canvas.width - x + radius) / diameter;
  inside.imageSmoothingEnabled = false;
  drawPane(inside, content, { ...near, size: place.size }, Math.min(1, Math.max(0, line)), find);
  context.save();
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.clip();
  context.fillStyle = "#0c0f14";
  context.fillRect(x - radius, y - radius, diameter, diameter);
  context.drawImage(glass, Math.round(x - radius), Math.round(y - radius));
  context.restore();
  context.beginPath();
  context.arc(x, y, radius - (RING_PX * ratio) / 2, 0, 2 * Math.PI);
  context.lineWidth = RING_PX * ratio;
  context.strokeStyle = "#ffffff";
  context.stroke();
}
