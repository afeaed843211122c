import type { PreviewWish } from "#shared/api/denoising.ts";
import type { Rectangle } from "#shared/image/geometry.ts";

/** A part of a photo that is denoised before the rest, and by what factor its picture is smaller. */
export type SeenPart = Pick<PreviewWish, "area" | "shrink">;

/** Tells whether a part that is there already shows all of another one, as sharp. */
export function shows(known: SeenPart, { area, shrink }: SeenPart): boolean {
  return known.shrink <= shrink && isInside(area, known.area);
}

/** Tells whether one area lies in another. */
function isInside(area: Rectangle, outer: Rectangle): boolean {
  return (
    area.x >= outer.x &&
    area.y >= outer.y &&
    area.x + area.width <= outer.x + outer.width &&
    area.y + area.height <= outer.y + outer.height
  );
}
