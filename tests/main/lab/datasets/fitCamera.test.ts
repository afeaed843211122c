import { writeFile } from "node:fs/promises";
import { join } from "node:path";

import { describe, expect, it, onTestFinished } from "vitest";

import { createLab } from "#main/lab/lab.ts";
import { LabError } from "#shared/labError.ts";

import { makeScene, SHOT_NOISE, writeBurst, writeGrey16 } from "#tests/helpers/cameraShots.ts";
import { makeFolder, openLab, SCRIPTED_WORKER, writePhotos } from "#tests/helpers/labHome.ts";
import { writeTinyModel } from "#tests/helpers/shippedModels.ts";

describe("the fit of a camera from files", () => {
  it("finds the noise of a burst, and keeps it as a profile", async () => {
    const { lab } = openLab(await makeFolder());
    const files = await writeBurst(await makeFolder(), 3);
    const { way, noise } = await lab.fitCamera({ files: [...files], way: null });
    expect(way).toBe("burst");
    expect(Math.abs(noise.gain / SHOT_NOISE.gain - 1)).toBeLessThan(0.1);
    expect(Math.abs(noise.sigma255 / SHOT_NOISE.sigma255 - 1)).toBeLessThan(0.05);
    await lab.saveNoiseProfile({ name: "mine", noise });
    expect(await lab.listNoiseProfiles()).toMatchObject([{ name: "mine", noise }]);
  });

  it("tells a clean photo from a second shot, and takes the way that is wanted", async () => {
    const { lab } = openLab(await makeFolder());
    const folder = await makeFolder();
    const [shot = ""] = await writeBurst(folder, 1);
    const clean = join(folder, "clean.png");
    await writeGrey16(clean, makeScene(256));
    const pair = await lab.fitCamera({ files: [shot, clean], way: null });
    expect(pair).toMatchObject({ way: "pair", clean: "clean.png" });
    const burst = await lab.fitCamera({ files: [shot, clean], way: "burst" });
    // Half of the variance of two shots, of which one has no noise.
    expect(burst.noise.gain / pair.noise.gain).toBeCloseTo(0.5, 1);
  });

  it("names the files that do not fit together, and those that are no photos", async () => {
    const { lab } = openLab(await makeFolder());
    const folder = await makeFolder();
    const [shot = ""] = await writeBurst(folder, 1);
    const small = join(folder, "small.png");
    await writeGrey16(small, makeScene(128));
    const sizes = lab.fitCamera({ files: [shot, small], way: null });
    await expect(sizes).rejects.toThrow(/shot-0.png is 256 x 256 in grey, small.png is 128 x 128/);
    await expect(sizes).rejects.toBeInstanceOf(LabError);
    const text = join(folder, "notes.png");
    await writeFile(text, "no photo");
    await expect(lab.fitCamera({ files: [text], way: null })).rejects.toMatchObject({ kind: "bad_data" });
    await expect(lab.fitCamera({ files: [join(folder, "gone.png")], way: null })).rejects.toMatchObject({
      kind: "not_found",
    });
  });
});

describe("the plan of a fine-tuning", () => {
  it("begins with the network, has the noise of the profile, and takes as many steps as there is time", async () => {
    const box = await makeFolder();
    await writeTinyModel(box, "grey");
    const lab = createLab({
      home: await makeFolder(),
      log: () => undefined,
      computeEntry: SCRIPTED_WORKER,
      shippedModelsFolder: box,
    });
    onTestFinished(() => lab.close());
    const folder = await writePhotos(await makeFolder(), 4, 64);
    await lab.addDataset({ name: "mine", folder, noisyFolder: null });
    const plan = await lab.planFineTuning({
      model: "grey",
      dataset: "mine",
      noise: SHOT_NOISE,
      seconds: 300,
      name: "",
    });
    const { card } = await lab.showModel("grey");
    expect(plan.settings).toMatchObject({ noise: SHOT_NOISE, network: card.network, data: { dataset: "mine" } });
    expect(plan.settings.training.startFrom).toBe("grey");
    expect(plan.genotype).toEqual(card.genotype);
    const { steps } = plan.settings.training;
    expect(plan.estimate.totalSteps).toBe(steps);
    const { totalSeconds, usualSeconds } = plan.estimate;
    const seconds = totalSeconds ?? usualSeconds;
    // Very slow computers take more time than is wanted, very fast ones less.
    if (steps > 40 && steps < 5000) expect(Math.abs(seconds / 300 - 1)).toBeLessThan(0.05);
    const run = await lab.startTraining(plan.settings, plan.genotype);
    expect((await lab.waitForRun(run.id)).state).toBe("finished");
  });

  it("refuses a network that is not there", async () => {
    const { lab } = openLab(await makeFolder());
    const wish = { model: "nobody", dataset: "sample", noise: SHOT_NOISE, seconds: 300, name: "" };
    await expect(lab.planFineTuning(wish)).rejects.toMatchObject({ kind: "not_found" });
  });
});
