import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { addRobustnessCommand } from "#main/cli/commands/robustnessCommand.ts";
import type { FoundCurves } from "#main/cli/robustnessText.ts";
import type { Lab } from "#shared/api/lab.ts";
import { trainConfigSchema } from "#shared/runs/config.ts";

import { callCommand } from "#tests/helpers/callCommand.ts";
import { makeFolder, openLab, writePhotos } from "#tests/helpers/labHome.ts";
import { TINY_GENOTYPE } from "#tests/helpers/tinyGenotype.ts";
import { trainModel } from "#tests/helpers/trainedModel.ts";

async function prepare() {
  const folder = await writePhotos(await makeFolder(), 3);
  const { lab } = openLab(await makeFolder());
  await lab.addDataset({ name: "mine", folder, noisyFolder: null });
  await lab.addDataset({ name: "set12", folder: await writePhotos(await makeFolder(), 2), noisyFolder: null });
  const [clean, noisy] = [await writePhotos(await makeFolder(), 2), await writePhotos(await makeFolder(), 2)];
  await lab.addDataset({ name: "pairs", folder: clean, noisyFolder: noisy });
  return { lab, model: (await trainModel(lab, "mine")).id };
}

/** Calls `hinas robustness` with a lab that is open, and returns what it prints. */
const call = (lab: Lab, args: readonly string[], json = false): Promise<string> =>
  callCommand(addRobustnessCommand, lab, ["robustness", ...args], json);

describe("hinas robustness", () => {
  it("prints a network's PSNR at each level and on real pairs beside noisy photos, blur and published BM3D", async () => {
    const { lab, model } = await prepare();
    const text = await call(lab, [model, "--data", "set12", "--sigma", "15,50", "--pairs", "pairs", "--no-box"]);
    const lines = text.split("\n");
    expect(lines[0]).toMatch(/^PSNR \(dB\) +15 +50 +pairs$/);
    expect(lines.find((line) => line.startsWith(model))).toMatch(/( +\S+){3}$/);
    expect(lines.find((line) => line.startsWith("noisy"))).toMatch(/^noisy +\d+\.\d\d +\d+\.\d\d/);
    expect(lines.some((line) => line.startsWith("blurred"))).toBe(true);
    expect(lines.some((line) => line.startsWith("BM3D"))).toBe(true);
  });

  it("measures each training on the photos that it kept for its test, and leaves the box out", async () => {
    const folder = await writePhotos(await makeFolder(), 5);
    const { lab } = openLab(await makeFolder());
    await lab.addDataset({ name: "mine", folder, noisyFolder: null });
    const data = { dataset: "mine", test: { kind: "count", photos: 2 } };
    const { id } = await lab.startTraining(trainConfigSchema.parse({ data, training: { steps: 2 } }), TINY_GENOTYPE);
    await lab.waitForRun(id);
    const [found] = JSON.parse(await call(lab, [id, "--split", "test", "--sigma", "15,50"], true)) as FoundCurves[];
    expect(found?.test).toMatchObject({ dataset: "mine", recipe: { part: { name: "test" } } });
    expect(found?.curves.map(({ kind, id: of }) => `${kind} ${of}`)).toEqual([
      `network ${id}`,
      "noisy noisy",
      "blurred blurred",
    ]);
    expect((await lab.listEvaluations({ runId: id })).map(({ photos }) => photos)).toEqual([2, 2]);
  });

  it("puts the networks in the box beside it and writes the curves as files", async () => {
    const { lab, model } = await prepare();
    const out = join(await makeFolder(), "curves");
    const boxed = (await lab.listModels()).filter(
      ({ source, imageChannels }) => source === "shipped" && imageChannels === 1,
    );
    const found = JSON.parse(
      await call(lab, [model, "--data", "mine", "--sigma", "15,50", "--out", out], true),
    ) as FoundCurves[];
    const networks = found[0]?.curves.filter(({ kind }) => kind === "network").map(({ id }) => id);
    expect(networks).toEqual([model, ...boxed.map(({ name }) => name)]);
    const csv = await readFile(join(out, "robustness.csv"), "utf8");
    expect(csv.split("\r\n")[0]).toBe("kind,name,dataset,channels,sigma255,psnr_db");
    expect(csv).toMatch(new RegExp(`^network,${model},mine,grey,15,`, "m"));
    expect(JSON.parse(await readFile(join(out, "robustness.json"), "utf8"))).toEqual(found);
  });
});
