import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { gaussianBlur } from "#shared/image/gaussianBlur.ts";
import { crop } from "#shared/image/geometry.ts";
import type { Rectangle } from "#shared/image/geometry.ts";
import type { Photo } from "#shared/image/photo.ts";
import { createStitcher, growWithin, planTiles } from "#shared/image/tiles.ts";
import type { Tile } from "#shared/image/tiles.ts";
import { makeRandomPhoto } from "#tests/helpers/makePhoto.ts";

/** Of the memory below, so that a budget in MB is a number of pixels. */
const BYTES_PER_PIXEL = 1024 * 1024;

/** Sends a photo through tiles, each treated on its own and cut to its output. */
function treatInTiles(photo: Photo, pixels: number, halo: number, treat: (part: Photo) => Photo): Photo {
  const { width, height, channels } = photo;
  const stitcher = createStitcher(width, height, channels);
  for (const { input, output } of plan(width, height, halo, pixels)) {
    const inside = { ...output, x: output.x - input.x, y: output.y - input.y };
    stitcher.add(output, crop(treat(crop(photo, input)), inside).data);
  }
  return stitcher.finish();
}

function plan(width: number, height: number, halo: number, pixels: number): Tile[] {
  return planTiles({ width, height, halo, bytesPerPixel: BYTES_PER_PIXEL, memoryBudgetMb: pixels });
}

const length = fc.integer({ min: 1, max: 120 });
const halos = fc.nat(20);

/** Beyond what the finest cut needs. */
const spare = fc.nat(4000);

/** No input of the finest cut is larger. */
const least = (halo: number): number => (16 + 2 * halo) ** 2;

const area = ({ width, height }: Rectangle): number => width * height;

describe("tiles", () => {
  it("give the photo back when they are stitched, for any sizes", () => {
    fc.assert(
      fc.property(length, length, spare, halos, fc.constantFrom(1 as const, 3 as const), (w, h, more, halo, c) => {
        const photo = makeRandomPhoto(w, h, c);
        expect(treatInTiles(photo, least(halo) + more, halo, (part) => part)).toEqual(photo);
      }),
    );
  });

  it("give the whole-photo result of a filter whose reach is within the halo", () => {
    fc.assert(
      fc.property(length, length, fc.nat(1000), (width, height, more) => {
        const photo = makeRandomPhoto(width, height);
        const blur = (part: Photo) => gaussianBlur(part, 1); // reach 3
        expect(treatInTiles(photo, least(3) + more, 3, blur)).toEqual(blur(photo));
      }),
      { numRuns: 40 },
    );
  });
});

describe("planTiles", () => {
  it("covers every pixel exactly once, with inputs that hold the halo and fit the budget", () => {
    fc.assert(
      fc.property(length, length, spare, halos, (width, height, more, halo) => {
        const counts = new Uint8Array(width * height);
        for (const { input, output } of plan(width, height, halo, least(halo) + more)) {
          expect(area(input)).toBeLessThanOrEqual(least(halo) + more);
          expect(input).toEqual(growWithin({ width, height }, output, halo));
          for (let y = output.y; y < output.y + output.height; y++) {
            for (let x = output.x; x < output.x + output.width; x++)
              counts[y * width + x] = (counts[y * width + x] ?? 0) + 1;
          }
        }
        expect(counts.every((count) => count === 1)).toBe(true);
      }),
    );
  });

  it("takes the whole photo where it fits", () => {
    const whole = { x: 0, y: 0, width: 60, height: 40 };
    expect(plan(60, 40, 8, 2400)).toEqual([{ input: whole, output: whole }]);
    expect(plan(60, 40, 8, 2399).length).toBeGreaterThan(1);
  });

  it("adds the halo inside the photo only, and gives tiles at its edges larger outputs instead", () => {
    expect(plan(56, 10, 4, 240)).toEqual([
      { input: { x: 0, y: 0, width: 24, height: 10 }, output: { x: 0, y: 0, width: 20, height: 10 } },
      { input: { x: 16, y: 0, width: 24, height: 10 }, output: { x: 20, y: 0, width: 16, height: 10 } },
      { input: { x: 32, y: 0, width: 24, height: 10 }, output: { x: 36, y: 0, width: 20, height: 10 } },
    ]);
  });

  it("finds the cut with the least work", () => {
    const work = (pixels: number): number =>
      plan(1000, 1000, 29, pixels).reduce((sum, { input }) => sum + area(input), 0);
    expect(work(529 * 529)).toBe(1058 * 1058);
    expect(work(529 * 529 - 1)).toBe(1058 * 1116);
    // Two columns of four are less than three of three.
    expect(work(529 * 372 - 1)).toBe(1058 * 1174);
  });

  it("says how much memory is needed where the budget is too small, and does with just that", () => {
    const attempt = (memoryBudgetMb: number) =>
      planTiles({ width: 6000, height: 4000, halo: 200, bytesPerPixel: 4000, memoryBudgetMb });
    expect(() => attempt(64)).toThrow(
      expect.objectContaining({
        kind: "memory",
        message: "this network needs a memory budget of at least 661 MB, got 64 MB",
      }),
    );
    expect(attempt(661)[0]?.input).toEqual({ x: 0, y: 0, width: 416, height: 416 });
  });
});

describe("createStitcher", () => {
  it("refuses to finish while pixels are missing", () => {
    const stitcher = createStitcher(4, 4, 1);
    expect(() => stitcher.finish()).toThrow("must cover 16 pixels once, got 0");
  });

  it("refuses data that is not of the tile's size", () => {
    const output = { x: 0, y: 0, width: 4, height: 4 };
    expect(() => createStitcher(4, 4, 1).add(output, new Float32Array(15))).toThrow("must have 16 values, got 15");
  });
});
