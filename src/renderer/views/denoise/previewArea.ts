import type { Look } from "#renderer/components/viewer/view.ts";
import type { SeenPart } from "#renderer/stores/seenPart.ts";

/** About a second's work for most networks: more than that is no look at once. */
const MOST_PIXELS = 1e6;
/** One pixel of a small picture over more of a screen's than this looks blurred. */
const LARGEST_BLUR = 2.5;

/** A photo that is seen smaller than this needs not all its pixels. */
const SMALL_SCALE = 0.5;

/**
 * Returns which part of a photo is denoised before the rest: what is on show, shrunk where it is seen small, else the middle of
 * that where it is large. Null where the whole photo is hardly more.
 */
export function findSeenPart({ area, scale, picture }: Look): SeenPart | null {
  if (picture.width * picture.height <= MOST_PIXELS) return null;
  const pixels = area.width * area.height;
  if (pixels > MOST_PIXELS && scale <= SMALL_SCALE) {
    const shrink = Math.max(Math.floor(1 / scale), Math.ceil(Math.sqrt(pixels / MOST_PIXELS)));
    const cut = (length: number): number => Math.max(1, Math.floor(length / (2 * shrink))) * 2 * shrink;
    return { area: { ...area, width: cut(area.width), height: cut(area.height) }, shrink };
  }
  const share = Math.min(1, Math.sqrt(MOST_PIXELS / pixels));
  const width = Math.max(1, Math.floor(share * area.width));
  const height = Math.max(1, Math.floor(share * area.height));
  const x = area.x + Math.floor((area.width - width) / 2);
  const y = area.y + Math.floor((area.height - height) / 2);
  return { area: { x, y, width, height }, shrink: 1 };
}

/** Tells whether a part lies over all that is on show, but for what was cut off so that it can be shrunk. */
export function covers({ area, shrink }: SeenPart, look: Pick<Look, "area">): boolean {
  const { x, y, width, height } = look.area;
  const cut = 2 * shrink;
  const isRight = area.x + area.width + cut > x + width;
  return area.x <= x && area.y <= y && isRight && area.y + area.height + cut > y + height;
}

/** Tells whether a part was shrunk so much that it would be seen blurred at this scale. */
export function isTooSmall({ shrink }: Pick<SeenPart, "shrink">, { scale }: Pick<Look, "scale">): boolean {
  return shrink > 1 && shrink * scale > LARGEST_BLUR;
}

/** What a screen shows of a whole photo. */
export const SCREEN_PX = 2048;

/** Tells whether a photo that was shrunk to a screen's size no longer does for what is on show. */
export function needsAllPixels({ scale, picture }: Pick<Look, "scale" | "picture">): boolean {
  return scale * Math.max(picture.width, picture.height) > SCREEN_PX;
}
