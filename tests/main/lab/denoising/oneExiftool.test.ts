import { readdir } from "node:fs/promises";
import { join } from "node:path";

import sharp from "sharp";
import { describe, expect, it } from "vitest";

import type { DenoiseInput, DenoiseProgress } from "#shared/api/denoising.ts";
import { watchPerl } from "#tests/helpers/countedPerl.ts";
import { makeFolder, openLab, writePhotos } from "#tests/helpers/labHome.ts";
import { trainModel } from "#tests/helpers/trainedModel.ts";

const ODD_NAMES = ["-dash", "two  spaces ", "Grün 写真", "# no comment", "100%f", "a line\n-and $another", "$HOME @b"];

/** Writes photos, each by another artist. */
async function writeShots(count: number): Promise<{ readonly folder: string; readonly photos: string }> {
  const [folder, photos] = [await makeFolder(), await makeFolder()];
  await writePhotos(photos, 3);
  for (let index = 0; index < count; index += 1) {
    const name = `${ODD_NAMES[index] ?? `photo ${index}`}.jpg`;
    await sharp(join(photos, "photo-00.png"))
      .withExif({ IFD0: { Artist: `artist ${index} of ${name.replace(/\W/g, "")}` } })
      .jpeg()
      .toFile(join(folder, name));
  }
  return { folder, photos };
}

async function denoiseShots(count: number, onProgress: (progress: DenoiseProgress) => void) {
  const { folder, photos } = await writeShots(count);
  const { lab, said } = openLab(await makeFolder());
  const model = await trainModel(lab, photos);
  const input: DenoiseInput = {
    ...{ model: model.id, inputs: [folder], outputFolder: await makeFolder(), memoryBudgetMb: 64 },
    ...{ strength: 1, format: null, bitDepth: null, addNoise: null, noiseSeed: 0, sigma255: null },
    ...{ selfEnsemble: false, device: null },
  };
  return { folder, said, results: await lab.denoise(input, onProgress) };
}

/** What EXIF tells of a photo: its artist. */
async function readArtist(file: string): Promise<string | undefined> {
  const { exif } = await sharp(file).metadata();
  return /artist \d+ of \w+/.exec(exif?.toString("latin1") ?? "")?.[0];
}

describe.skipIf(process.platform === "win32")("a folder of photos", () => {
  it("of twenty keeps each photo's EXIF under whatever name, by one start of exiftool", async () => {
    const listStarts = await watchPerl();
    const { folder, said, results } = await denoiseShots(20, () => undefined);
    expect(results).toHaveLength(20);
    for (const { source, output, error } of results) {
      expect(error).toBeNull();
      expect(await readArtist(output ?? "")).toBe(await readArtist(source));
    }
    expect((await readdir(folder)).length).toBe(20);
    expect(said.join("\n")).not.toContain("EXIF");
    expect(listStarts()).toHaveLength(1);
  });

  it("is denoised to its end where exiftool is killed meanwhile, and says what that photo lost", async () => {
    const listStarts = await watchPerl();
    let isKilled = false;
    const { said, results } = await denoiseShots(8, ({ filesDone }) => {
      if (filesDone < 3 || isKilled) return;
      for (const pid of listStarts()) process.kill(pid, "SIGKILL");
      isKilled = true;
    });
    for (const { output } of results) expect(await readArtist(output ?? "")).toContain("artist");
    const told = results.filter(({ remarks }) => remarks.join().includes("kept only in part"));
    // It may have been between two photos.
    expect(told.length).toBeLessThan(2);
    expect(said.filter((line) => line.includes("SIGKILL"))).toHaveLength(told.length);
    expect(listStarts()).toHaveLength(2);
  });
});
