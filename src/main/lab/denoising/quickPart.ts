import type { Rectangle } from "#shared/image/geometry.ts";

/** A part that is to be seen at once takes about so long; what else is on show follows. To send and to draw it takes as long again. */
const QUICK_SECONDS = 0.7;
/** Where all that is on show takes no longer, it is done at once. */
const ALL_SECONDS = 1;
/** A smaller part tells nothing. */
const SMALLEST_SIDE_PX = 96;

/** Counts the megapixels of a part with what a network sees around it, of which half is trimmed on the way. */
export function countWork({ width, height }: Pick<Rectangle, "width" | "height">, margin: number): number {
  return ((width + margin) * (height + margin)) / 1e6;
}

/** What an engine is known to take for a megapixel, null where nothing was done yet, or a guess. */
interface Pace {
  readonly known: number | null;
  readonly guess: number;
}

/** Returns by what factor a part that is seen small is shrunk to be there at once: twice the wished one where that takes too long. */
export function chooseQuickShrink({ width, height }: Rectangle, shrink: number, { known, guess }: Pace): number {
  const small = { width: width / shrink, height: height / shrink };
  return countWork(small, 0) * (known ?? guess) <= ALL_SECONDS ? shrink : 2 * shrink;
}

/**
 * Returns all of an area where that is known to be quick, else the part in the middle that takes less than a second.
 */
export function chooseQuickPart(area: Rectangle, margin: number, { known, guess }: Pace): Rectangle {
  if (known !== null && countWork(area, margin) * known <= ALL_SECONDS) return area;
  const pixels = (QUICK_SECONDS / (known ?? guess)) * 1e6;
  const { width, height } = area;
  // (share * width + margin) * (share * height + margin) = pixels
  const [a, b, c] = [width * height, margin * (width + height), margin ** 2 - pixels];
  const share = c >= 0 ? 0 : Math.min(1, (-b + Math.sqrt(b ** 2 - 4 * a * c)) / (2 * a));
  const side = (length: number): number => Math.min(length, Math.max(SMALLEST_SIDE_PX, Math.floor(share * length)));
  const part = { width: side(width), height: side(height) };
  const middle = (from: number, whole: number, length: number): number => from + Math.floor((whole - length) / 2);
  return { x: middle(area.x, width, part.width), y: middle(area.y, height, part.height), ...part };
}
