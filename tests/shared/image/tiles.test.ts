import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { gaussianBlur } from "#shared/image/gaussianBlur.ts";
import { crop } from "#shared/image/geometry.ts";
import type { Photo } from "#shared/image/photo.ts";
import { createStitcher, planTiles, sizeTiles } from "#shared/image/tiles.ts";
import { makeRandomPhoto } from "#tests/helpers/makePhoto.ts";

/** Sends a photo through tiles, each treated on its own. */
function treatInTiles(photo: Photo, tile: number, halo: number, treat: (part: Photo) => Photo): Photo {
  const { width, height, channels } = photo;
  const stitcher = createStitcher(width, height, channels);
  for (const planned of planTiles({ width, height, tile, halo })) {
    stitcher.add(planned, treat(crop(photo, planned.input)).data);
  }
  return stitcher.finish();
}

const length = fc.integer({ min: 1, max: 50 });

describe("tiles", () => {
  it("give the photo back when they are stitched, for any sizes", () => {
    fc.assert(
      fc.property(
        length,
        length,
        length,
        fc.nat(20),
        fc.constantFrom(1 as const, 3 as const),
        (w, h, tile, halo, c) => {
          const photo = makeRandomPhoto(w, h, c);
          expect(treatInTiles(photo, tile, halo, (part) => part)).toEqual(photo);
        },
      ),
    );
  });

  it("give the whole-photo result of a filter whose reach is within the halo", () => {
    fc.assert(
      fc.property(length, length, fc.integer({ min: 3, max: 20 }), (width, height, tile) => {
        const photo = makeRandomPhoto(width, height);
        const blur = (part: Photo) => gaussianBlur(part, 1); // reach 3
        expect(treatInTiles(photo, tile, 3, blur)).toEqual(blur(photo));
      }),
      { numRuns: 40 },
    );
  });
});

describe("planTiles", () => {
  it("covers every pixel exactly once with outputs of at most the tile's side", () => {
    fc.assert(
      fc.property(length, length, length, fc.nat(20), (width, height, tile, halo) => {
        const counts = new Uint8Array(width * height);
        for (const { output } of planTiles({ width, height, tile, halo })) {
          expect(Math.max(output.width, output.height)).toBeLessThanOrEqual(tile);
          for (let y = output.y; y < output.y + output.height; y++) {
            for (let x = output.x; x < output.x + output.width; x++)
              counts[y * width + x] = (counts[y * width + x] ?? 0) + 1;
          }
        }
        expect(counts.every((count) => count === 1)).toBe(true);
      }),
    );
  });

  it("adds the halo inside the photo and stops at its edges", () => {
    const tiles = planTiles({ width: 30, height: 10, tile: 10, halo: 4 });
    expect(tiles.map((tile) => tile.input)).toEqual([
      { x: 0, y: 0, width: 14, height: 10 },
      { x: 6, y: 0, width: 18, height: 10 },
      { x: 16, y: 0, width: 14, height: 10 },
    ]);
  });

  it("makes tiles of nearly the same size instead of a sliver at the end", () => {
    const widths = planTiles({ width: 101, height: 1, tile: 50, halo: 0 }).map((tile) => tile.output.width);
    expect(widths).toEqual([33, 34, 34]);
  });
});

describe("sizeTiles", () => {
  const photo = { width: 6000, height: 4000, halo: 32 };

  it("takes the whole photo where it fits", () => {
    expect(sizeTiles({ ...photo, bytesPerPixel: 10, memoryBudgetMb: 300 })).toBe(6000);
  });

  it("keeps the input of every tile within the budget", () => {
    const tile = sizeTiles({ ...photo, bytesPerPixel: 4000, memoryBudgetMb: 512 });
    const largest = Math.max(...planTiles({ ...photo, tile }).map(({ input }) => input.width * input.height));
    expect(4000 * largest).toBeLessThanOrEqual(512 * 1024 * 1024);
    expect(4000 * (tile + 65) ** 2).toBeGreaterThan(512 * 1024 * 1024);
  });

  it("says how much memory is needed where the budget is too small", () => {
    const attempt = () => sizeTiles({ ...photo, halo: 200, bytesPerPixel: 4000, memoryBudgetMb: 64 });
    expect(attempt).toThrow(
      expect.objectContaining({
        kind: "memory",
        message: "sizeTiles: this network needs a memory budget of at least 661 MB, got 64 MB",
      }),
    );
    expect(sizeTiles({ ...photo, halo: 200, bytesPerPixel: 4000, memoryBudgetMb: 661 })).toBe(16);
  });
});

describe("createStitcher", () => {
  it("refuses to finish while pixels are missing", () => {
    const stitcher = createStitcher(4, 4, 1);
    expect(() => stitcher.finish()).toThrow("must cover 16 pixels once, got 0");
  });

  it("refuses data that is not of the tile's input size", () => {
    const [tile] = planTiles({ width: 4, height: 4, tile: 4, halo: 1 });
    if (tile === undefined) throw new Error("no tile was planned");
    expect(() => createStitcher(4, 4, 1).add(tile, new Float32Array(15))).toThrow("must have 16 values, got 15");
  });
});
