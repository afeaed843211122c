import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { decodePhoto } from "#main/photos/decodePhoto.ts";
import { createBatchSource, type Plane } from "#shared/image/batches.ts";
import { addNoise } from "#shared/image/noise.ts";
import { createRandom } from "#shared/random/createRandom.ts";
import { searchConfigSchema } from "#shared/runs/config.ts";

import { makeFolder, openLab, writeColourPhotos, writePhotos } from "#tests/helpers/labHome.ts";
import { readFloats, readPixels } from "#tests/helpers/pictures.ts";

async function prepare() {
  const folder = await writePhotos(await makeFolder(), 7, 40);
  const { lab } = openLab(await makeFolder());
  await lab.addDataset({ name: "mine", folder, noisyFolder: null });
  const load = async (index: number) => {
    const name = `photo-${String(index).padStart(2, "0")}.png`;
    return { name, clean: (await decodePhoto(join(folder, name))).photo };
  };
  return { lab, load };
}

const noise = { kind: "gaussian" as const, sigma255: [30, 50] };
const { augmentation } = searchConfigSchema.parse({});

describe("the noise bench", () => {
  it("shows exactly the patches that a search's arch steps get", async () => {
    const { lab, load } = await prepare();
    // 7 photos: 1 for validation, then 3 for weights and 3 for the architecture.
    const batches = createBatchSource({
      photos: [await load(3), await load(4), await load(5)],
      batchSize: 2,
      patchSize: 16,
      augmentation,
      noise,
      seed: 9,
      stream: "architecture",
    });
    for (const [step, index] of [
      [0, 0],
      [0, 1],
      [5, 1],
    ] as const) {
      const patch = {
        kind: "patch",
        dataset: "mine",
        set: "architecture",
        noise,
        seed: 9,
        validationShare: 0.1,
        augmentation,
        batchSize: 2,
        patchSize: 16,
        step,
        index,
      } as const;
      const { clean, noisy } = batches.batch(step);
      const part = ({ data }: Plane) => data.slice(index * 256, (index + 1) * 256);
      expect((await readFloats(lab, { ...patch, view: "clean" })).data).toEqual(part(clean));
      expect((await readFloats(lab, { ...patch, view: "noisy" })).data).toEqual(part(noisy));
    }
  });

  it("shows a whole photo with the noise that an evaluation puts on it", async () => {
    const { lab, load } = await prepare();
    const { clean } = await load(2);
    const gaussian = { kind: "gaussian", sigma255: 25 } as const;
    const wish = { kind: "noise", dataset: "mine", photo: "photo-02.png", noise: gaussian, seed: 4 } as const;
    const expected = addNoise(clean, gaussian, createRandom(4, "evaluation", "photo-02.png"));
    expect(await readFloats(lab, { ...wish, view: "noisy" })).toEqual(expected);
    const figures = await lab.measureNoise({
      dataset: "mine",
      photo: "photo-02.png",
      channels: 1,
      noise: gaussian,
      seed: 4,
    });
    expect(figures).toMatchObject({ photo: "photo-02.png", width: 40, height: 40 });
    expect(figures.deviation255).toBeGreaterThan(22);
    expect(figures.deviation255).toBeLessThan(28);
  });

  it("shows the photos and patches of a network for colour in colour", async () => {
    const folder = await writeColourPhotos(await makeFolder(), 3);
    const { lab } = openLab(await makeFolder());
    await lab.addDataset({ name: "colour", folder, noisyFolder: null });
    const names = ["colour-00.png", "colour-01.png", "colour-02.png"] as const;
    const photos = await Promise.all(
      names.map(async (name) => ({ name, clean: (await decodePhoto(join(folder, name))).photo })),
    );
    const gaussian = { kind: "gaussian", sigma255: 25 } as const;
    const shown = { dataset: "colour", channels: 3, noise: gaussian, seed: 4, view: "noisy" } as const;
    const whole = await readFloats(lab, { kind: "noise", ...shown, photo: names[0] });
    expect(whole).toEqual(addNoise(photos[0]!.clean, gaussian, createRandom(4, "evaluation", names[0])));

    const how = { batchSize: 1, patchSize: 16, augmentation };
    const training = photos.slice(0, 2);
    const batches = createBatchSource({ photos: training, ...how, noise: gaussian, seed: 4, stream: "training" });
    const patch = { kind: "patch", set: "training", validationShare: 0.1, ...how, step: 2, index: 0 } as const;
    expect((await readFloats(lab, { ...shown, ...patch })).data).toEqual(batches.batch(2).noisy.data);
  });

  it("shows the difference around middle grey", async () => {
    const { lab } = await prepare();
    const none = { kind: "gaussian", sigma255: 0 } as const;
    const wish = { kind: "noise", dataset: "mine", photo: "photo-02.png", noise: none, seed: 4 } as const;
    const { data } = await readPixels(lab, { ...wish, view: "difference", maxSidePx: 16 });
    expect(new Set(data)).toEqual(new Set([128]));
  });

  it("measures a patch, and refuses one that the batch does not have", async () => {
    const { lab } = await prepare();
    const patch = {
      dataset: "mine",
      set: "training",
      channels: 1,
      noise: { kind: "gaussian", sigma255: 30 },
      seed: 1,
      validationShare: 0.1,
      augmentation,
      batchSize: 4,
      patchSize: 16,
      step: 3,
      index: 3,
    } as const;
    expect(await lab.measurePatch(patch)).toMatchObject({ width: 16 });
    const tooFar = lab.measurePatch({ ...patch, index: 4 });
    await expect(tooFar).rejects.toMatchObject({ kind: "bad_config" });
  });
});

describe("noise profiles", () => {
  it("are kept by name, replaced and removed, and survive the loss of the database", async () => {
    const { lab } = openLab(await makeFolder());
    await lab.saveNoiseProfile({ name: "night", noise: { kind: "gaussian", sigma255: 40 } });
    await lab.saveNoiseProfile({ name: "day", noise: { kind: "poisson_gaussian", gain: 0.01, sigma255: 2 } });
    await lab.saveNoiseProfile({ name: "night", noise: { kind: "gaussian", sigma255: 50 } });
    const profiles = await lab.listNoiseProfiles();
    expect(profiles.map(({ name, noise: kept }) => [name, kept])).toEqual([
      ["day", { kind: "poisson_gaussian", gain: 0.01, sigma255: 2 }],
      ["night", { kind: "gaussian", sigma255: 50 }],
    ]);
    await lab.rebuildStore();
    expect(await lab.listNoiseProfiles()).toEqual(profiles);
    await lab.removeNoiseProfile("day");
    await lab.rebuildStore();
    expect((await lab.listNoiseProfiles()).map(({ name }) => name)).toEqual(["night"]);
  });
});
