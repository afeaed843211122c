import { link, mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";

import { expect, it } from "vitest";

import { denoiseRequestSchema } from "#shared/api/denoising.ts";
import type { Task } from "#shared/api/tasks.ts";

import { makeFolder, openLab, writePhotos } from "#tests/helpers/labHome.ts";
import { trainModel } from "#tests/helpers/trainedModel.ts";

const FOLDERS = 20;
const IN_EACH = 1000;
const PATIENCE = { timeout: 120_000 };

/** Twenty thousand photos in a tree, which are one file by many names. */
async function linkMany(root: string): Promise<void> {
  const photo = join(await writePhotos(join(root, "few"), 3), "photo-00.png");
  for (let folder = 0; folder < FOLDERS; folder++) {
    const path = join(root, "many", `day-${String(folder).padStart(2, "0")}`);
    await mkdir(path, { recursive: true });
    for (let index = 0; index < IN_EACH; index++)
      await link(photo, join(path, `${String(index).padStart(4, "0")}.png`));
  }
}

it("takes a folder of 20,000 photos as it takes one of two: told page by page, with its tree, paused and ended at once", async () => {
  const root = await makeFolder();
  await linkMany(root);
  const { lab } = openLab(await makeFolder());
  const model = await trainModel(lab, join(root, "few"));
  const told: Task[] = [];
  lab.watch((change) => {
    if (change.kind === "task") told.push(change.task);
  });
  const output = { kind: "folder", folder: join(root, "results") };
  const request = denoiseRequestSchema.parse({ models: [model.id], inputs: [join(root, "many")], output });
  const { id } = await lab.startDenoise(request);
  const written = () => readdir(join(root, "results", "day-00")).catch(() => []);
  await expect.poll(async () => (await written()).length, PATIENCE).toBeGreaterThan(1);
  expect(await lab.pauseTask(id)).toMatchObject({ state: "paused" });
  const page = await lab.listDenoiseItems({ task: id, offset: 19_990, limit: 25 });
  expect(page).toMatchObject({ total: FOLDERS * IN_EACH });
  expect(page.items.map(({ index, state }) => `${index} ${state}`)).toEqual(
    Array.from({ length: 10 }, (_, index) => `${19_990 + index} waiting`),
  );
  // What is told of a photo does not grow with their number.
  expect(Math.max(...told.map((task) => JSON.stringify(task).length))).toBeLessThan(1000);
  await lab.cancelTask(id);
  const find = async () => (await lab.listTasks()).find((task) => task.id === id);
  await expect.poll(async () => (await find())?.state, PATIENCE).toBe("cancelled");

  // What is done is passed over the next time.
  const again = await lab.startDenoise(request);
  await expect
    .poll(async () => (await lab.listDenoiseItems({ task: again.id, offset: 0, limit: 2 })).items[0]?.state, PATIENCE)
    .toBe("skipped");
  await lab.cancelTask(again.id);
}, 300_000);
