import { at } from "#shared/at.ts";
import type { Rectangle } from "#shared/image/geometry.ts";

import type { PaneContent, ShownPicture } from "./pane.ts";
import { hasSquarePixels, type Placement, type Size } from "./view.ts";

/** Gives the decoded picture of an address; null where it is not there, as a patch may not be. */
export type FindBitmap = (url: string) => ImageBitmap | null;

/** Where pictures lie, and how large they are in their own pixels: one that is smaller stands in for a larger one. */
export type Place = Placement & { readonly size: Size };

type Context = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D;

/** Draws what a pane shows. `split` is where a wipe has its line, as a share of the pane's width. */
export function drawPane(
  context: CanvasRenderingContext2D,
  content: PaneContent,
  placement: Place,
  split: number,
  find: FindBitmap,
): void {
  const { width, height } = context.canvas;
  context.clearRect(0, 0, width, height);
  switch (content.kind) {
    case "picture":
      drawPicture(context, content.picture, placement, find);
      break;
    case "wipe": {
      const line = Math.round(split * width);
      drawPart(context, 0, line, () => drawPicture(context, content.left, placement, find));
      drawPart(context, line, width, () => drawPicture(context, content.right, placement, find));
      break;
    }
    case "difference":
      drawDifference(context, content, placement, find);
  }
}

/** Pixels are squares of their own at true size and from twice that on; else they are blended. */
function drawPicture(
  context: Context,
  { url, over, patch }: ShownPicture,
  { left, top, scale, size }: Place,
  find: FindBitmap,
): void {
  context.imageSmoothingQuality = "medium";
  const draw = (address: string, share: number, { x, y, width, height }: Rectangle = { x: 0, y: 0, ...size }): void => {
    const bitmap = find(address);
    if (bitmap === null) return;
    context.imageSmoothingEnabled = !hasSquarePixels(scale) || bitmap.width !== width;
    context.globalAlpha = share;
    context.drawImage(bitmap, left + x * scale, top + y * scale, width * scale, height * scale);
    context.globalAlpha = 1;
  };
  const share = over?.share ?? 0;
  if (share < 1) draw(url, 1);
  if (over !== undefined && share > 0) draw(over.url, share);
  if (patch !== undefined) draw(patch.url, 1, patch);
}

function drawPart(context: CanvasRenderingContext2D, from: number, to: number, draw: () => void): void {
  context.save();
  context.beginPath();
  context.rect(from, 0, to - from, context.canvas.height);
  context.clip();
  draw();
  context.restore();
}

function drawDifference(
  context: CanvasRenderingContext2D,
  { of, from, gain }: Extract<PaneContent, { kind: "difference" }>,
  placement: Place,
  find: FindBitmap,
): void {
  const canvas: Size = context.canvas;
  const [first, second] = [of, from].map((picture) => readPixels(picture, placement, canvas, find));
  if (first === undefined || second === undefined) return;
  writeDifference(first.data, second.data, gain);
  context.putImageData(first, 0, 0);
}

function readPixels(picture: ShownPicture, placement: Place, { width, height }: Size, find: FindBitmap): ImageData {
  const context = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
  if (context === null) throw new Error("viewer: the browser gives no canvas to draw on");
  drawPicture(context, picture, placement, find);
  return context.getImageData(0, 0, width, height);
}

/** Middle of the values 0..255: where nothing differs. */
const MIDDLE = 127.5;

/**
 * Writes into `of` (RGBA, 0..255) `127.5 + gain / 2 * (of - from)`, as the lab's error maps are made; alpha stays. Both
 * have the same length.
 */
export function writeDifference(of: Uint8ClampedArray, from: Uint8ClampedArray, gain: number): void {
  for (let i = 0; i < of.length; i++) {
    if (i % 4 !== 3) of[i] = MIDDLE + (gain / 2) * (at(of, i, "picture") - at(from, i, "picture to compare with"));
  }
}
