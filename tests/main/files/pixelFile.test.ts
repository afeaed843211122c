import { join } from "node:path";

import { expect, it } from "vitest";

import { createPixels, readPixels, writePart } from "#main/files/pixelFile.ts";
import { crop } from "#shared/image/geometry.ts";

import { makeFolder } from "#tests/helpers/labHome.ts";
import { makeRandomPhoto } from "#tests/helpers/makePhoto.ts";

it("holds a photo that was written part by part, narrow ones and wide ones", async () => {
  const photo = makeRandomPhoto(11, 7, 3);
  const pixels = await createPixels(join(await makeFolder(), "photo.f32"), { width: 11, height: 7, channels: 3 });
  const parts = [
    { x: 4, y: 0, width: 7, height: 3 },
    { x: 0, y: 3, width: 11, height: 4 },
    { x: 0, y: 0, width: 4, height: 3 },
  ];
  for (const area of parts) await writePart(pixels, area, crop(photo, area));
  expect(await readPixels(pixels, { x: 0, y: 0, width: 11, height: 7 })).toEqual(photo);
});

it("takes no part that has other values than its place", async () => {
  const pixels = await createPixels(join(await makeFolder(), "photo.f32"), { width: 4, height: 4, channels: 1 });
  const part = writePart(pixels, { x: 0, y: 0, width: 2, height: 2 }, makeRandomPhoto(3, 2));
  await expect(part).rejects.toThrow("must have 16 bytes, got 24");
});
