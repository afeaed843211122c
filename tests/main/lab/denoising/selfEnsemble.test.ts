import { join } from "node:path";

import { expect, it, onTestFinished } from "vitest";

import { Denoiser } from "#main/compute/denoise/denoiser.ts";
import { denoiseFile } from "#main/compute/denoise/denoiseFile.ts";
import { readPixels, writePixels } from "#main/files/pixelFile.ts";
import { countPasses } from "#main/lab/denoising/denoisePhoto.ts";
import { isResult } from "#main/photos/resultName.ts";
import { decodePhoto } from "#main/photos/decodePhoto.ts";
import { denoiseRequestSchema } from "#shared/api/denoising.ts";
import type { SettledNoise } from "#shared/image/noise.ts";
import type { Photo } from "#shared/image/photo.ts";

import { largestDifference } from "#tests/helpers/arrays.ts";
import { denoiseEightTurns } from "#tests/helpers/eightTurns.ts";
import { makeFolder, openLab, writePhotos } from "#tests/helpers/labHome.ts";
import { makeRandomPhoto } from "#tests/helpers/makePhoto.ts";
import { trainModel } from "#tests/helpers/trainedModel.ts";
import { kernels, PLENTY_MB } from "#tests/main/compute/denoise/denoisers.ts";
import { drawNetwork, FRAMES, SMALL_PLAN } from "#tests/main/compute/network/tinyNetwork.ts";

const NOISES = [
  { kind: "gaussian", sigma255: 25 },
  { kind: "poisson_gaussian", gain: 0.02, sigma255: 5 },
] as const satisfies readonly SettledNoise[];

it.each(FRAMES.flatMap((frame) => NOISES.map((noise) => [frame, noise] as const)))(
  "averages eight hand-turned runs of a real network of %j that is told %j, before anything is clipped",
  async (frame, noise) => {
    const denoiser = new Denoiser(kernels, drawNetwork({ ...SMALL_PLAN, ...frame }));
    onTestFinished(() => denoiser.dispose());
    const options = { memoryBudgetMb: PLENTY_MB, noise };
    const denoise = (photo: Photo) => denoiser.denoise(photo, options, () => undefined);
    const folder = await makeFolder();
    const photo = makeRandomPhoto(22, 13, "imageChannels" in frame ? 3 : 1);
    const input = await writePixels(join(folder, "input.f32"), photo);
    const pass = async (selfEnsemble: boolean): Promise<Photo> => {
      const passes = { ...options, selfEnsemble };
      const file = await denoiseFile(denoiser, input, join(folder, "output.f32"), passes, () => undefined);
      return readPixels(file, { x: 0, y: 0, width: photo.width, height: photo.height });
    };
    const output = await pass(true);
    expect(largestDifference(output.data, await denoiseEightTurns(photo, denoise))).toBeLessThan(1e-5);
    expect(largestDifference(output.data, (await pass(false)).data)).toBeGreaterThan(1e-3);
  },
);

it("counts the tiles of all its passes as those of one photo", () => {
  const told: string[] = [];
  const tell = countPasses({ selfEnsemble: true }, (done, total) => told.push(`${done}/${total}`));
  for (let pass = 0; pass < 8; pass += 1) for (const done of [1, 2]) tell(done, 2);
  expect(told).toEqual(Array.from({ length: 16 }, (_, index) => `${index + 1}/16`));
});

it("writes files beside those of the network alone, with a name that says it and that is known as a result's", async () => {
  const folder = await writePhotos(await makeFolder(), 3);
  const { lab } = openLab(await makeFolder());
  const { id: model } = await trainModel(lab, folder);
  const inputs = [join(folder, "photo-00.png")];
  const how = { outputFolder: null, strength: 1, memoryBudgetMb: 64, format: null, bitDepth: null } as const;
  const known = { addNoise: null, noiseSeed: 0, sigma255: null, device: null };
  const outputs: string[] = [];
  for (const selfEnsemble of [false, true]) {
    const [file] = await lab.denoise({ model, inputs, ...how, ...known, selfEnsemble }, () => undefined);
    expect(file).toMatchObject({ error: null, skipped: false });
    outputs.push(file?.output ?? "");
  }
  expect(outputs[1]).toMatch(/photo-00_hinas-[0-9a-f]{8}-x8\.png$/);
  expect(outputs[1]).toBe(outputs[0]?.replace(/\.png$/, "-x8.png"));
  expect(outputs.map(isResult)).toEqual([true, true]);
  const [once, eight] = await Promise.all(outputs.map((file) => decodePhoto(file)));
  // The scripted network is a blur, the same in all orientations.
  expect(largestDifference(eight?.photo.data ?? [], once?.photo.data ?? [1])).toBeLessThan(1 / 254);

  const { id } = await lab.startDenoise(denoiseRequestSchema.parse({ models: [model], inputs, selfEnsemble: true }));
  await expect.poll(async () => (await lab.listTasks()).find((task) => task.id === id)?.state).toBe("finished");
  const wish = { task: id, item: 0, strength: 1, format: null, bitDepth: null } as const;
  expect((await lab.renderDenoised(wish)).name).toMatch(/^photo-00_hinas-[0-9a-f]{8}-x8\.png$/);
});
