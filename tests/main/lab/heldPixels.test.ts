import { mkdir } from "node:fs/promises";
import { join } from "node:path";

import { expect, it } from "vitest";

import { SAMPLE_SIDE_PX } from "#main/compute/protocol.ts";
import { setPhotoBudget } from "#main/photos/photoRoom.ts";
import { DEFAULT_PHOTO_BUDGET_MB, MEMORY_BUDGET_RANGE_MB } from "#shared/image/memoryBudget.ts";
import { makeFolder, openLab, writeColourPhotos } from "#tests/helpers/labHome.ts";
import { planPhotoWay, writeLargePhoto } from "#tests/helpers/photoWay.ts";
import { measureHeld } from "#tests/helpers/threadTraffic.ts";
import { trainModel } from "#tests/helpers/trainedModel.ts";

/** What comes of these is a file or figures; of the others a picture for the window, which goes through the lab's thread. */
const MAKE_NO_PICTURE = ["noise bench, figures", "denoise", "save", "denoise into a file", "evaluate", "train"];
/** The middle of a photo, which a run shows. */
const SAMPLE_FLOATS = 3 * SAMPLE_SIDE_PX ** 2;
/** Of notes and profiles there may be some. */
const FEW_BYTES = 50_000;

it("never holds the pixels of a photo that is large for the photo budget, whatever is done with it", async () => {
  const { lab } = openLab(await makeFolder());
  const small = await writeColourPhotos(await makeFolder(), 3);
  const { id: model } = await trainModel(lab, small, "", { imageChannels: 3 });
  const folder = join(await makeFolder(), "photos");
  await mkdir(folder);
  await writeLargePhoto(join(folder, "large.jpg"), 1);
  await lab.setPreferences({ photoBudgetMb: MEMORY_BUDGET_RANGE_MB.smallest });
  try {
    for (const { name, work } of planPhotoWay(lab, join(folder, "large.jpg"), model)) {
      const { floats, bytes } = await measureHeld(work);
      expect(floats, name).toBeLessThanOrEqual(name === "train" ? SAMPLE_FLOATS : 0);
      if (MAKE_NO_PICTURE.includes(name)) expect(bytes, name).toBeLessThan(FEW_BYTES);
    }
  } finally {
    setPhotoBudget(DEFAULT_PHOTO_BUDGET_MB);
  }
}, 600_000);
