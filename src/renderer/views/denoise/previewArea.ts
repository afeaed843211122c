import type { Look } from "#renderer/components/viewer/view.ts";
import type { Rectangle } from "#shared/image/geometry.ts";

/** About a second's work for most networks: more than that is no look at once. */
const MOST_PIXELS = 1e6;

/** Tells whether one area lies in another. */
export function isInside(area: Rectangle, outer: Rectangle): boolean {
  return (
    area.x >= outer.x &&
    area.y >= outer.y &&
    area.x + area.width <= outer.x + outer.width &&
    area.y + area.height <= outer.y + outer.height
  );
}

/**
 * Returns which part of a photo is denoised before the rest: what is on show, or the middle of that where it is large. Null
 * where the whole photo is hardly more.
 */
export function findPreviewArea({ area, picture }: Pick<Look, "area" | "picture">): Rectangle | null {
  if (picture.width * picture.height <= MOST_PIXELS) return null;
  const share = Math.min(1, Math.sqrt(MOST_PIXELS / (area.width * area.height)));
  const width = Math.max(1, Math.floor(share * area.width));
  const height = Math.max(1, Math.floor(share * area.height));
  return {
    x: area.x + Math.floor((area.width - width) / 2),
    y: area.y + Math.floor((area.height - height) / 2),
    width,
    height,
  };
}

/** What a screen shows of a whole photo. */
export const SCREEN_PX = 2048;

/** Tells whether a photo that was shrunk to a screen's size no longer does for what is on show. */
export function needsAllPixels({ scale, picture }: Pick<Look, "scale" | "picture">): boolean {
  return scale * Math.max(picture.width, picture.height) > SCREEN_PX;
}
