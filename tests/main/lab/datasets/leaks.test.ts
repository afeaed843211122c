import { mkdir } from "node:fs/promises";
import { join } from "node:path";

import sharp, { type Sharp } from "sharp";
import { expect, it } from "vitest";

import { generateSamplePhoto } from "#shared/image/sampleSet.ts";

import { makeFolder, openLab } from "#tests/helpers/labHome.ts";

/** Writes a drawn scene as a photo. */
async function writeScene(file: string, index: number, change: (image: Sharp) => Sharp): Promise<void> {
  const { width, height, data } = generateSamplePhoto(index, { width: 160, height: 120, seed: 5 });
  const bytes = Uint8Array.from(data, (value) => Math.round(255 * value));
  await change(sharp(bytes, { raw: { width, height, channels: 3 } })).toFile(file);
}

it("finds the pictures of a test set that are trained on at another size, exposure and compression, and no others", async () => {
  const [trained, tested] = [await makeFolder(), await makeFolder()];
  await mkdir(join(tested, "sub"), { recursive: true });
  for (let index = 0; index < 6; index += 1) {
    await writeScene(join(trained, `train-${index}.png`), index, (image) => image);
  }
  await writeScene(join(tested, "same.jpg"), 2, (image) => image.resize(90).linear(0.8, 20).jpeg({ quality: 60 }));
  await writeScene(join(tested, "sub", "again.png"), 4, (image) => image);
  for (const index of [10, 11]) await writeScene(join(tested, `other-${index}.png`), index, (image) => image);
  await sharp({ create: { width: 50, height: 50, channels: 3, background: "#777" } }).png().toFile(join(tested, "flat.png")); // prettier-ignore
  const { lab } = openLab(await makeFolder());
  await lab.addDataset({ name: "trained", folder: trained, noisyFolder: null });
  await lab.addDataset({ name: "tested", folder: tested, noisyFolder: null });
  const report = await lab.findLeaks({ training: "trained", test: "tested" });
  expect(report).toMatchObject({ compared: { training: 6, test: 4 }, leftOut: 1 });
  expect(report.pairs.map(({ training, test }) => [test, training])).toEqual([
    ["sub/again.png", "train-4.png"],
    ["same.jpg", "train-2.png"],
  ]);
  expect((await lab.findLeaks({ training: "trained", test: "trained" })).pairs).toEqual([]);
});
