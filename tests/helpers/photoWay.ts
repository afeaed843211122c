import { link, mkdir, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import sharp from "sharp";

import { denoiseRequestSchema } from "#shared/api/denoising.ts";
import type { Lab } from "#shared/api/lab.ts";
import type { PictureWish } from "#shared/api/pictures.ts";
import { generateSamplePhoto, SAMPLE_SET } from "#shared/image/sampleSet.ts";
import { evaluationConfigSchema, trainConfigSchema } from "#shared/runs/config.ts";

import { readPicture } from "./pictures.ts";
import { TINY_GENOTYPE } from "./tinyGenotype.ts";

const NOISE = { kind: "gaussian", sigma255: 25 } as const;

/** Writes a colour JPEG of about so many megapixels, 3:2: a photo of the built-in set, enlarged. */
export async function writeLargePhoto(file: string, megapixels: number): Promise<void> {
  const { width, height, data } = generateSamplePhoto(1, SAMPLE_SET);
  const values = Uint8Array.from(data, (value) => 255 * value);
  const tall = Math.round(Math.sqrt((megapixels * 1e6) / 1.5));
  const size = { width: Math.round(1.5 * tall), height: tall, fit: "fill" } as const;
  const large = sharp(values, { raw: { width, height, channels: 3 } }).resize(size);
  await writeFile(file, await large.jpeg({ quality: 92 }).toBuffer());
}

/** A stretch of the way, and what is done on it. */
export interface Stretch {
  readonly name: string;
  readonly work: () => Promise<unknown>;
}

/** Lists all that is done with a photo from its import to a training with it, to be done in this order; `model` takes colour. */
export function planPhotoWay(lab: Lab, file: string, model: string): readonly Stretch[] {
  const [folder, name] = [dirname(file), basename(file)];
  const dataset = `large-${name}`;
  const see = (wish: PictureWish) => readPicture(lab, wish);
  const photo = { kind: "photo", dataset, photo: name } as const;
  const noisy = { dataset, photo: name, channels: 3, noise: NOISE, seed: 1 } as const;
  let task = "";
  const result = (view: "output" | "error") => ({ kind: "denoise", task, item: 0, view, maxSidePx: 1024 }) as const;
  const saved = { item: 0, strength: 1, format: "png", bitDepth: null } as const;
  const how = { addNoise: null, noiseSeed: 0, sigma255: null, strength: 1, format: null, bitDepth: null } as const;
  const config = evaluationConfigSchema.parse({ data: { dataset, maxPhotos: 1 }, noise: NOISE });
  return [
    { name: "import", work: () => lab.addDataset({ name: dataset, folder, noisyFolder: null }) },
    { name: "thumbnails", work: () => Promise.all([64, 256, 512].map((maxSidePx) => see({ ...photo, maxSidePx }))) },
    { name: "view, fitted", work: () => see({ ...photo, maxSidePx: 2048 }) },
    { name: "view, true size", work: () => see(photo) },
    {
      name: "view, numbers",
      work: () => see({ ...photo, region: { x: 8, y: 8, width: 256, height: 256 }, encoding: "float32" }),
    },
    { name: "noise bench, picture", work: () => see({ kind: "noise", view: "difference", ...noisy, maxSidePx: 1024 }) },
    { name: "noise bench, figures", work: () => lab.measureNoise(noisy) },
    {
      name: "denoise",
      work: async () => {
        const request = { models: [model], inputs: [file], addNoise: NOISE };
        task = (await lab.startDenoise(denoiseRequestSchema.parse(request))).id;
        await waitFor(lab, task);
      },
    },
    { name: "look at the result", work: () => Promise.all([see(result("output")), see(result("error"))]) },
    {
      name: "save",
      work: () => lab.saveDenoised({ task, ...saved, file: join(folder, "saved_hinas-1.png"), overwrite: false }),
    },
    {
      name: "denoise into a file",
      work: () =>
        lab.denoise(
          {
            model,
            inputs: [file],
            outputFolder: folder,
            memoryBudgetMb: 640,
            selfEnsemble: false,
            device: null,
            ...how,
          },
          () => undefined,
        ),
    },
    { name: "evaluate", work: () => lab.evaluate(model, config, null) },
    { name: "train", work: () => trainWith(lab, file) },
  ];
}

/** Lets a training take the photo thrice: the least that can be split. */
async function trainWith(lab: Lab, file: string): Promise<void> {
  const folder = join(dirname(file), "thrice");
  await mkdir(folder);
  for (const copy of [1, 2, 3]) await link(file, join(folder, `${copy}-${basename(file)}`));
  const settings = { data: { dataset: folder }, network: { imageChannels: 3 }, training: { steps: 40 } };
  const { id } = await lab.startTraining(trainConfigSchema.parse(settings), TINY_GENOTYPE);
  const { state, reason } = await lab.waitForRun(id);
  if (state !== "finished") throw new Error(`train: ${reason ?? state}`);
}

async function waitFor(lab: Lab, id: string): Promise<void> {
  for (;;) {
    const found = (await lab.listTasks()).find((task) => task.id === id);
    if (found?.endedAt != null) {
      const [item] = (await lab.listDenoiseItems({ task: id, offset: 0, limit: 1 })).items;
      if (item?.state !== "done") throw new Error(`denoise: ${item?.error ?? found.state}`);
      return;
    }
    await sleep(20);
  }
}
