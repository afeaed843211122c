import { mkdir } from "node:fs/promises";
import { join } from "node:path";

import { expect, it } from "vitest";

import { makeFolder, openLab, writeColourPhotos } from "#tests/helpers/labHome.ts";
import { measureLoop } from "#tests/helpers/loopMeter.ts";
import { planPhotoWay, writeLargePhoto } from "#tests/helpers/photoWay.ts";
import { trainModel } from "#tests/helpers/trainedModel.ts";

/** A window that waits longer stutters. The thread's own work counts, not the clock, so other programs make no difference. */
const LONGEST_MS = 200;

it("is never held up while a photo is imported, looked at, made noisy, denoised, saved and evaluated", async () => {
  const { lab } = openLab(await makeFolder());
  const { id: model } = await trainModel(lab, await writeColourPhotos(await makeFolder(), 3), "", { imageChannels: 3 });
  const file = join(await makeFolder(), "photos", "large.jpg");
  await mkdir(join(file, ".."));
  await writeLargePhoto(file, 0.3);
  for (const { name, work } of planPhotoWay(lab, file, model)) {
    const { workMs } = await measureLoop(work);
    expect(workMs, name).toBeLessThan(LONGEST_MS);
  }
}, 300_000);
