import { describe, expect, it } from "vitest";

import { cutPatch } from "#shared/image/patches.ts";
import { createRandom } from "#shared/random/createRandom.ts";
import { augmentationSchema } from "#shared/image/augmentation.ts";
import { makeGreyPhoto, makeRandomPhoto } from "#tests/helpers/makePhoto.ts";

const published = augmentationSchema.parse({});
const none = augmentationSchema.parse({ rescaleProbability: 0, rotate: false, mirror: false });
const always = augmentationSchema.parse({ rescaleProbability: 1 });

/** Value x + 100 y, so that a patch tells where it was cut and how it was turned. */
const plane = { name: "plane", clean: makeGreyPhoto(40, 30, (x, y) => x + 100 * y) };

function slopes(data: Float32Array, size: number): [number, number] {
  const at = (x: number, y: number) => data[y * size + x] ?? 0;
  const centre = size >> 1;
  return [at(centre + 1, centre) - at(centre, centre), at(centre, centre + 1) - at(centre, centre)];
}

describe("cutPatch", () => {
  it("cuts every place of the photo when nothing else is asked for", () => {
    const corners = new Set<number>();
    for (let i = 0; i < 400; i++) {
      const { clean } = cutPatch(plane, 28, none, createRandom(i));
      expect(slopes(clean.data, 28)).toEqual([1, 100]);
      corners.add(clean.data[0] ?? -1);
    }
    expect(corners.size).toBe(13 * 3);
  });

  it("turns and mirrors into all eight positions", () => {
    const seen = new Set<string>();
    const turning = augmentationSchema.parse({ rescaleProbability: 0 });
    for (let i = 0; i < 100; i++) seen.add(slopes(cutPatch(plane, 8, turning, createRandom(i)).clean.data, 8).join());
    expect(seen).toEqual(new Set(["1,100", "-1,100", "1,-100", "-1,-100", "100,1", "-100,1", "100,-1", "-100,-1"]));
  });

  it("rescales by 0.8 to 1.2 about half of the time", () => {
    const scales = Array.from({ length: 300 }, (_, i) => {
      const patch = cutPatch(plane, 12, { ...published, rotate: false, mirror: false }, createRandom(i));
      return 1 / slopes(patch.clean.data, 12)[0];
    });
    const rescaled = scales.filter((scale) => Math.abs(scale - 1) > 1e-6);
    expect(rescaled.length / 300).toBeCloseTo(0.5, 1);
    expect(Math.min(...rescaled)).toBeGreaterThan(0.78);
    expect(Math.max(...rescaled)).toBeLessThan(1.22);
    expect(Math.max(...rescaled) - Math.min(...rescaled)).toBeGreaterThan(0.35);
  });

  it("cuts both photos of a pair at the same place in the same way", () => {
    const clean = makeRandomPhoto(50, 40, 3);
    const noisy = { ...clean, data: clean.data.map((value) => value + 1) };
    for (let i = 0; i < 20; i++) {
      const patch = cutPatch({ name: "pair", clean, noisy }, 16, published, createRandom(i));
      const offsets = patch.noisy?.data.map((value, at) => value - (patch.clean.data[at] ?? 0)) ?? [];
      expect(Math.max(...offsets)).toBeCloseTo(1, 5);
      expect(Math.min(...offsets)).toBeCloseTo(1, 5);
    }
  });

  it("never shrinks a photo below the patch", () => {
    const small = { name: "small", clean: makeRandomPhoto(16, 17) };
    for (let i = 0; i < 50; i++) expect(cutPatch(small, 16, always, createRandom(i)).clean.data).toHaveLength(256);
  });

  it.each([
    [1, 1],
    [63, 200],
    [200, 63],
  ])("names the photo, its size %dx%d and the patch size where the photo is too small", (width, height) => {
    const attempt = () =>
      cutPatch({ name: "dot.png", clean: makeRandomPhoto(width, height) }, 64, published, createRandom(0));
    expect(attempt).toThrow(
      expect.objectContaining({
        kind: "bad_data",
        message: `photo "dot.png" must be at least the patch size 64x64, got ${width}x${height}`,
      }),
    );
  });
});
