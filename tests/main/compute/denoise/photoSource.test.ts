import fc from "fast-check";
import { expect, it } from "vitest";

import { readPadded } from "#main/compute/denoise/photoSource.ts";
import { crop, padToMultiple } from "#shared/image/geometry.ts";

import { makeRandomPhoto } from "#tests/helpers/makePhoto.ts";

it("reads of a photo what a part of it, padded, is", async () => {
  const side = fc.integer({ min: 1, max: 20 });
  const share = fc.double({ min: 0, max: 0.99, noNaN: true });
  await fc.assert(
    fc.asyncProperty(side, side, fc.constantFrom(1, 2, 4, 8), share, share, async (width, height, block, left, top) => {
      const photo = makeRandomPhoto(width, height, 3);
      const padded = padToMultiple(photo, block);
      const [x, y] = [Math.floor(left * padded.width), Math.floor(top * padded.height)];
      const area = { x, y, width: padded.width - x, height: padded.height - y };
      const source = { width, height, channels: 3, read: async (part: typeof area) => crop(photo, part) } as const;
      expect(await readPadded(source, area)).toEqual(crop(padded, area));
    }),
    { numRuns: 60, seed: 1 },
  );
});
