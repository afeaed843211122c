import { join } from "node:path";

import sharp from "sharp";
import { afterAll, beforeAll, expect, it } from "vitest";

import { createWebRoutes } from "#main/api/webRoutes.ts";
import { denoisedFileSchema, denoiseRequestSchema } from "#shared/api/denoising.ts";
import { NOTE_HEADER, toFilePath } from "#shared/api/pictures.ts";

import { makeFolder, openLab, writePhotos } from "#tests/helpers/labHome.ts";
import { trainModel } from "#tests/helpers/trainedModel.ts";

const path = process.env["PATH"];

// A computer without Perl.
beforeAll(() => void (process.env["PATH"] = "/nowhere"));
afterAll(() => void (process.env["PATH"] = path));

it("says with a saved photo what of it was not kept, and what would keep it, by each way to save", async () => {
  const folder = await makeFolder();
  await writePhotos(folder, 3);
  const file = join(folder, "camera.jpg");
  await sharp(join(folder, "photo-00.png"))
    .withExif({ IFD0: { Artist: "me" } })
    .jpeg()
    .toFile(file);
  const { lab } = openLab(await makeFolder());
  const model = await trainModel(lab, folder);
  const { id: task } = await lab.startDenoise(denoiseRequestSchema.parse({ models: [model.id], inputs: [file] }));
  const find = async () => (await lab.listTasks()).find(({ id }) => id === task);
  await expect.poll(async () => (await find())?.state, { timeout: 60_000 }).toBe("finished");

  const sentence = /EXIF and XMP are kept in PNG, JPEG and WebP only, and IPTC nowhere; install Perl to keep all$/;
  const wish = denoisedFileSchema.parse({ task, item: 0 });
  const saved = await lab.saveDenoised({ ...wish, file: join(folder, "saved.jpg"), overwrite: false });
  expect(saved.note).toMatch(sentence);

  const routes = createWebRoutes({ lab, rendererFolder: folder, log: () => undefined });
  const answer = await routes.request(toFilePath(wish, null));
  expect(decodeURIComponent(answer.headers.get(NOTE_HEADER) ?? "")).toMatch(sentence);

  const bare = await lab.saveDenoised({ ...wish, metadata: "none", file: join(folder, "bare.jpg"), overwrite: false });
  expect(bare.note).toBeNull();
});
