import { copyFile } from "node:fs/promises";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { renderEvaluation } from "#main/cli/evaluationText.ts";
import { listBaselineFigures } from "#shared/runs/baselineFigures.ts";
import { evaluationConfigSchema, trainConfigSchema } from "#shared/runs/config.ts";

import { makeFolder, openLab, writePhotos } from "#tests/helpers/labHome.ts";
import { TINY_GENOTYPE } from "#tests/helpers/tinyGenotype.ts";

const NOISE = { kind: "gaussian", sigma255: 25 };
const onTest = evaluationConfigSchema.parse({ data: { part: "test" }, noise: NOISE });

async function prepare(test: object) {
  const folder = await writePhotos(await makeFolder(), 8);
  const { lab } = openLab(await makeFolder());
  await lab.addDataset({ name: "Set12", folder, noisyFolder: null });
  const config = trainConfigSchema.parse({ data: { dataset: "Set12", test }, training: { steps: 40 } });
  const { id } = await lab.startTraining(config, TINY_GENOTYPE);
  await lab.waitForRun(id);
  return { lab, id, folder };
}

describe("an evaluation of the test part", () => {
  it("measures the photos that the training kept, each as in an evaluation of the whole set, and says so", async () => {
    const { lab, id } = await prepare({ kind: "share", share: 0.25 });
    const kept = (await lab.readRunSplit(id))?.parts.test ?? [];
    const evaluation = await lab.evaluate(id, onTest, null);
    expect(evaluation.dataset).toBe("Set12");
    expect(evaluation.images.map(({ name }) => name)).toEqual(kept);
    expect(kept).toHaveLength(2);
    const whole = await lab.evaluate(
      id,
      evaluationConfigSchema.parse({ data: { dataset: "Set12" }, noise: NOISE }),
      null,
    );
    for (const { name, denoised } of evaluation.images) {
      expect(whole.images.find((image) => image.name === name)?.denoised).toEqual(denoised);
    }
    const sha256 = evaluation.recipe.part?.sha256 ?? "";
    expect(evaluation.recipe.name).toBe(`${whole.recipe.name}/test-part-${sha256.slice(0, 8)}`);
    expect(whole.recipe.part).toBeUndefined();
    expect(renderEvaluation(evaluation)).toContain(
      "data set   Set12, 2 images, the test part that its training never saw",
    );
    expect((await lab.listEvaluations({ runId: id })).map(({ recipe }) => recipe.part?.name)).toEqual([
      undefined,
      "test",
    ]);
    // A part of a set is not the set that others published figures of.
    expect(listBaselineFigures(whole).map(({ name }) => name)).toContain("BM3D");
    expect(listBaselineFigures(evaluation)).toEqual([]);
  });

  it("shows its pictures as any other", async () => {
    const { lab, id } = await prepare({ kind: "list", names: ["photo-03.png"] });
    const task = await lab.startEvaluation({ model: id, configs: [onTest] });
    expect(task.title).toMatch(/ on its test part$/);
    await expect.poll(async () => (await lab.listTasks())[0]?.state, { timeout: 20_000 }).toBe("finished");
    const [found] = await lab.listEvaluations({ runId: id });
    const photo = { kind: "evaluation", evaluation: found?.id ?? "", image: "photo-03.png" } as const;
    const picture = await lab.readPicture({ ...photo, view: "noisy", encoding: "float32", gain: 1 });
    expect(picture.shape).toEqual([24, 24, 1]);
  });

  it("is refused, with what the run has, where nothing was kept", async () => {
    const { lab, id } = await prepare({ kind: "none" });
    await expect(lab.evaluate(id, onTest, null)).rejects.toThrow(
      `run ${id} has no test part: data.test was none when it began; its photos are training 7, validation 1`,
    );
  });

  it("is refused for a network that is no training, and where the photos changed", async () => {
    const { lab, id, folder } = await prepare({ kind: "count", photos: 2 });
    const { checkpoint } = (await lab.evaluate(id, onTest, null)).model;
    const file = join((await lab.showRun(id)).folder, checkpoint);
    const elsewhere = join(await makeFolder(), "net.safetensors");
    await copyFile(file, elsewhere);
    await expect(lab.evaluate(elsewhere, onTest, null)).rejects.toThrow(/part test needs a training .* got a file/);
    await writePhotos(folder, 9);
    await expect(lab.evaluate(id, onTest, null)).rejects.toThrow(/its photos changed since the run began/);
  });
});
