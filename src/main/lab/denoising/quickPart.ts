import type { Rectangle } from "#shared/image/geometry.ts";

/** A part that is to be seen at once takes about so long; what else is on show follows. */
const QUICK_SECONDS = 1;
/** Where all that is on show takes no longer, it is done at once. */
const ALL_SECONDS = 1.5;
/** A smaller part tells nothing. */
const SMALLEST_SIDE_PX = 96;

/** Counts the megapixels of a part with what a network sees around it, of which half is trimmed on the way. */
export function countWork({ width, height }: Pick<Rectangle, "width" | "height">, margin: number): number {
  return ((width + margin) * (height + margin)) / 1e6;
}

/**
 * Returns all of an area where that is known to be quick, else the part in the middle that takes about a second. Seconds that
 * a megapixel takes are known, null where no part was done yet, or a guess.
 */
export function chooseQuickPart(
  area: Rectangle,
  margin: number,
  { known, guess }: { readonly known: number | null; readonly guess: number },
): Rectangle {
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
