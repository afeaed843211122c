import fc from "fast-check";
import { describe, expect, it } from "vitest";

import {
  chooseColumns,
  findVisible,
  FITTED,
  fitScale,
  hasSquarePixels,
  panBy,
  placePicture,
  type Size,
  stepScale,
  type ViewerView,
  zoomTo,
} from "#renderer/components/viewer/view.ts";

const PICTURE: Size = { width: 481, height: 321 };
const PANE: Size = { width: 900, height: 700 };

/** The picture's point that a view shows at a point of the pane. */
function pointAt(view: ViewerView, x: number, y: number): [number, number] {
  const { left, top, scale } = placePicture(view, PICTURE, PANE);
  return [(x - left) / scale, (y - top) / scale];
}

describe("fit", () => {
  it("shows the whole of a picture that is larger than the pane, in its middle", () => {
    const picture = { width: 3000, height: 1000 };
    expect(fitScale(picture, PANE)).toBeCloseTo(0.3, 12);
    expect(placePicture(FITTED, picture, PANE)).toEqual({ scale: 0.3, left: 0, top: 200 });
    expect(findVisible(FITTED, picture, PANE)).toEqual({ x: 0, y: 0, ...picture });
  });

  it("enlarges a small picture by a whole factor, and one that fits less than twice by what fits", () => {
    expect(fitScale({ width: 64, height: 64 }, PANE)).toBe(10);
    expect(fitScale({ width: 500, height: 500 }, PANE)).toBe(1.4);
  });

  it("draws squares at true size and from twice that on", () => {
    expect([0.5, 1, 1.4, 2, 2.7, 4].map(hasSquarePixels)).toEqual([false, true, false, true, true, true]);
  });
});

describe("zoom", () => {
  it("keeps the picture's point under the pointer where the picture covers the pane", () => {
    const scales = fc.double({ min: 3, max: 30, noNaN: true });
    const inside = fc.record({ x: fc.integer({ min: 0, max: 900 }), y: fc.integer({ min: 0, max: 700 }) });
    fc.assert(
      fc.property(scales, scales, inside, (from, to, at) => {
        const view = zoomTo(FITTED, from, { x: 450, y: 350 }, PICTURE, PANE);
        const [beforeX, beforeY] = pointAt(view, at.x, at.y);
        const back = Math.max(from, to);
        const [afterX, afterY] = pointAt(zoomTo(view, back, at, PICTURE, PANE), at.x, at.y);
        // Pictures lie on whole pixels of the screen: half a pixel may be lost each time.
        expect(Math.abs(afterX - beforeX)).toBeLessThanOrEqual(1 / from + 1e-9);
        expect(Math.abs(afterY - beforeY)).toBeLessThanOrEqual(1 / from + 1e-9);
      }),
    );
  });

  it("goes no further out than the whole picture and no further in than 32 times", () => {
    const middle = { x: 450, y: 350 };
    const huge = { width: 9000, height: 7000 };
    expect(zoomTo(FITTED, 0.001, middle, huge, PANE).scale).toBeCloseTo(0.1, 12);
    expect(zoomTo(FITTED, 1000, middle, huge, PANE).scale).toBe(32);
  });

  it("steps from any scale to the next usual one and stays at the last", () => {
    expect(stepScale(1.3, 1)).toBe(2);
    expect(stepScale(1.3, -1)).toBe(1);
    expect(stepScale(1, 1)).toBe(2);
    expect(stepScale(32, 1)).toBe(32);
  });
});

describe("pan", () => {
  const zoomed = zoomTo(FITTED, 4, { x: 450, y: 350 }, PICTURE, PANE);

  it("moves the picture with the pointer", () => {
    const before = placePicture(zoomed, PICTURE, PANE);
    const after = placePicture(panBy(zoomed, { x: 60, y: -25 }, PICTURE, PANE), PICTURE, PANE);
    expect([after.left - before.left, after.top - before.top]).toEqual([60, -25]);
  });

  it("stops at the picture's edges and turns back at once", () => {
    const far = panBy(zoomed, { x: 1e6, y: 1e6 }, PICTURE, PANE);
    expect(placePicture(far, PICTURE, PANE)).toMatchObject({ left: 0, top: 0 });
    expect(placePicture(panBy(far, { x: -5, y: 0 }, PICTURE, PANE), PICTURE, PANE).left).toBe(-5);
  });

  it("leaves a picture that fits where it is", () => {
    expect(panBy(FITTED, { x: 50, y: 50 }, PICTURE, PANE)).toBe(FITTED);
  });
});

describe("visible part", () => {
  it("is the part under the pane in whole pixels, with those that are cut", () => {
    // 900 / 8 = 112.5 pixels across, 700 / 8 = 87.5 down, from the left upper corner.
    const view = { scale: 8, x: 0, y: 0 };
    expect(findVisible(view, PICTURE, PANE)).toEqual({ x: 0, y: 0, width: 113, height: 88 });
  });

  it("always lies inside the picture", () => {
    const views = fc.record({
      scale: fc.double({ min: 0.05, max: 32, noNaN: true }),
      x: fc.integer({ min: -5000, max: 5000 }),
      y: fc.integer({ min: -5000, max: 5000 }),
    });
    fc.assert(
      fc.property(views, (view) => {
        const area = findVisible(view, PICTURE, PANE);
        expect(area).not.toBeNull();
        expect(Math.min(area!.x, area!.y)).toBeGreaterThanOrEqual(0);
        expect(area!.x + area!.width).toBeLessThanOrEqual(PICTURE.width);
        expect(area!.y + area!.height).toBeLessThanOrEqual(PICTURE.height);
      }),
    );
  });
});

describe("columns", () => {
  it("sets wide pictures on top of each other in a tall room, and side by side in a wide one", () => {
    const wide = { width: 300, height: 100 };
    expect(chooseColumns(2, wide, { width: 600, height: 600 })).toBe(1);
    expect(chooseColumns(2, { width: 100, height: 300 }, { width: 600, height: 600 })).toBe(2);
    expect(chooseColumns(6, { width: 100, height: 100 }, { width: 900, height: 600 })).toBe(3);
  });
});
