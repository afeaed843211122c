import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";

import { expect, it } from "vitest";

import { makeFolder, openLab, writeColourPhotos } from "#tests/helpers/labHome.ts";
import { measureLoop } from "#tests/helpers/loopMeter.ts";
import { planPhotoWay, writeLargePhoto } from "#tests/helpers/photoWay.ts";
import { trainModel } from "#tests/helpers/trainedModel.ts";

/** A window that waits longer stutters. The thread's own work counts, not the clock, so other programs make no difference. */
const LONGEST_MS = 200;
/** In these a walk that makes a list of all values first takes more; `LOOP_MEGAPIXELS=24,45,61,100` tries photos of cameras, which takes an hour and 16 GB of memory; `npm run bench:loop` tells their figures. */
const SIZES = (process.env["LOOP_MEGAPIXELS"] ?? "3").split(",").map(Number);

it.each(SIZES)(
  "is never held up while a photo of %s megapixels is imported, looked at, made noisy, denoised, saved, evaluated and trained with",
  async (megapixels) => {
    const { lab } = openLab(await makeFolder());
    const small = await writeColourPhotos(await makeFolder(), 3);
    const { id: model } = await trainModel(lab, small, "", { imageChannels: 3 });
    const folder = join(await makeFolder(), "photos");
    await mkdir(folder);
    await writeLargePhoto(join(folder, "large.jpg"), megapixels);
    for (const { name, work } of planPhotoWay(lab, join(folder, "large.jpg"), model)) {
      const { workMs } = await measureLoop(work);
      expect(workMs, name).toBeLessThan(LONGEST_MS);
    }
    await rm(folder, { recursive: true });
  },
  SIZES.some((megapixels) => megapixels > 1) ? 3_600_000 : 300_000,
);
