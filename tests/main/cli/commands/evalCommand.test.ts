import { describe, expect, it } from "vitest";

import { addEvalCommand } from "#main/cli/commands/evalCommand.ts";
import type { Lab } from "#shared/api/lab.ts";
import { trainConfigSchema } from "#shared/runs/config.ts";
import type { Evaluation } from "#shared/runs/evaluation.ts";

import { callCommand } from "#tests/helpers/callCommand.ts";
import { makeFolder, openLab, writePhotos } from "#tests/helpers/labHome.ts";
import { TINY_GENOTYPE } from "#tests/helpers/tinyGenotype.ts";
import { trainModel } from "#tests/helpers/trainedModel.ts";

async function prepare() {
  const folder = await writePhotos(await makeFolder(), 3);
  const { lab } = openLab(await makeFolder());
  await lab.addDataset({ name: "mine", folder, noisyFolder: null });
  await lab.addDataset({ name: "set12", folder: await writePhotos(await makeFolder(), 4), noisyFolder: null });
  return { lab, model: (await trainModel(lab, "mine")).id };
}

/** Calls `hinas eval` with a lab that is open, and returns what it prints. */
const call = (lab: Lab, args: readonly string[], json = false): Promise<string> =>
  callCommand(addEvalCommand, lab, ["eval", ...args], json);

describe("hinas eval", () => {
  it("measures every set at every level and prints a matrix with published figures marked", async () => {
    const { lab, model } = await prepare();
    const text = await call(lab, [model, "--data", "mine,set12", "--sigma", "25,30"]);
    const lines = text.split("\n");
    expect(lines[0]).toMatch(/^SET +gaussian-25 +gaussian-30$/);
    expect(lines.find((line) => line.startsWith("mine"))).toMatch(/^mine( +\d+\.\d+ dB 0\.\d+){2}$/);
    expect(lines.find((line) => line.startsWith("  BM3D"))).toMatch(/^ {2}BM3D +29\.97 dB 0\.8505 p +29\.1\d dB i$/);
    expect(text).toContain("recipe     whole-image/one-draw/clip/grey/gaussian-30/seed-0");
  });

  it("prints one object for one test and a list for several, by the recipe that the flags ask for", async () => {
    const { lab, model } = await prepare();
    const flags = ["--noise-seeds", "2", "--self-ensemble", "--protocol", "reference-tiles"];
    const one = JSON.parse(await call(lab, [model, "--data", "mine", "--noise", "30", ...flags], true)) as Evaluation;
    expect(one.recipe.name).toBe("tiles-64/draw-per-tile/clip/grey/gaussian-30/seeds-0..1/self-ensemble-x8");
    const two = JSON.parse(await call(lab, [model, "--data", "mine", "--sigma", "15,50"], true)) as Evaluation[];
    expect(two.map(({ recipe }) => recipe.noise)).toEqual(["gaussian-15", "gaussian-50"]);
  });

  it("says in words what is different where the reference code is followed, and the spread over seeds", async () => {
    const { lab, model } = await prepare();
    const flags = ["--data", "set12", "--noise", "25", "--noise-seeds", "2"];
    const tiled = await call(lab, [model, ...flags, "--protocol", "reference-tiles"]);
    expect(tiled).toContain("Never compare it with whole pictures of one draw.");
    expect(tiled).toMatch(/^± over seeds/m);
    expect(tiled).not.toContain("BM3D");
    expect(await call(lab, [model, "--data", "set12", "--noise", "30"])).toContain(
      "(published, interpolated between sigma 25 and 50)",
    );
  });

  it("measures the test part of the training's own data, and no other set beside it", async () => {
    const { lab } = await prepare();
    const data = { dataset: "set12", test: { kind: "count", photos: 1 } };
    const { id } = await lab.startTraining(trainConfigSchema.parse({ data, training: { steps: 40 } }), TINY_GENOTYPE);
    await lab.waitForRun(id);
    const text = await call(lab, [id, "--split", "test", "--noise", "25"]);
    expect(text).toContain("data set   set12, 1 image, the test part that its training never saw");
    expect(text).not.toContain("BM3D");
    await expect(call(lab, [id, "--split", "test", "--data", "mine"])).rejects.toThrow(/cannot be used with/);
  });

  it("takes levels from 0 to 255 alone, and not beside another noise", async () => {
    const { lab } = await prepare();
    await expect(call(lab, ["RUN", "--sigma", "15,loud"])).rejects.toThrow("It must be from 0 to 255.");
    await expect(call(lab, ["RUN", "--sigma", "15", "--noise", "30"])).rejects.toThrow(/cannot be used with/);
  });
});
