import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { decodePhoto } from "#main/photos/decodePhoto.ts";
import type { Lab } from "#shared/api/lab.ts";
import { addNoise } from "#shared/image/noise.ts";
import { gaussianBlur } from "#shared/image/gaussianBlur.ts";
import { clip } from "#shared/image/scores.ts";
import { computePsnr } from "#shared/image/psnr.ts";
import { generateSamplePhoto, SAMPLE_SET } from "#shared/image/sampleSet.ts";
import { createRandom } from "#shared/random/createRandom.ts";
import { evaluationConfigSchema, trainConfigSchema } from "#shared/runs/config.ts";

import { makeFolder, openLab, writePhotos } from "#tests/helpers/labHome.ts";
import { TINY_GENOTYPE } from "#tests/helpers/tinyGenotype.ts";
import { readFloats } from "#tests/helpers/pictures.ts";
import { trainModel } from "#tests/helpers/trainedModel.ts";

async function prepare() {
  const folder = await writePhotos(await makeFolder(), 3);
  const { lab } = openLab(await makeFolder());
  await lab.addDataset({ name: "mine", folder, noisyFolder: null });
  const model = await trainModel(lab, "mine");
  return { lab, folder, model };
}

const config = evaluationConfigSchema.parse({ data: { dataset: "mine" }, noise: { kind: "gaussian", sigma255: 25 } });

async function evaluate(lab: Lab, model: string) {
  const { id } = await lab.startEvaluation({ model, configs: [config] });
  await expect.poll(async () => (await lab.listTasks())[0]?.endedAt, { timeout: 20_000 }).not.toBeNull();
  const task = (await lab.listTasks()).find((each) => each.id === id);
  if (task?.outcome?.kind !== "evaluation") throw new Error(`no evaluation came out: ${JSON.stringify(task)}`);
  return { task, evaluation: task.outcome.evaluation };
}

describe("the models", () => {
  it("are the trainings that have a checkpoint", async () => {
    const { lab, model } = await prepare();
    await lab.startTraining(
      { ...(await lab.followRun(model.id, 2, () => undefined)).snapshot.setup.config, name: "crash at 1" } as never,
      (await lab.listArchitectures())[0]!.genotype,
    );
    expect(await lab.listModels()).toMatchObject([
      { runId: model.id, genotypeHash: model.genotypeHash, filters: 20, noise: "gaussian-30", dataset: "mine" },
    ]);
  });
});

describe("the recipe of a network that is told the noise", () => {
  it("says that the noise of camera pairs is an estimate", async () => {
    const folder = await writePhotos(await makeFolder(), 3);
    const { lab } = openLab(await makeFolder());
    await lab.addDataset({ name: "mine", folder, noisyFolder: null });
    await lab.addDataset({ name: "pairs", folder, noisyFolder: await writePhotos(await makeFolder(), 3) });
    const told = await trainModel(lab, "mine", "told", { noiseMap: true });
    const untold = await trainModel(lab, "mine", "untold");
    const onPairs = evaluationConfigSchema.parse({ data: { dataset: "pairs" }, noise: { kind: "paired" } });
    const recipeOf = async (model: string, how: typeof config) => (await lab.evaluate(model, how, null)).recipe;

    const plain = await recipeOf(untold.id, onPairs);
    expect(plain).not.toHaveProperty("noiseMap");
    const name = `${plain.name}/noise-map-estimated`;
    expect(await recipeOf(told.id, onPairs)).toEqual({ ...plain, name, noiseMap: "estimated" });
    expect(await recipeOf(told.id, config)).toEqual({ ...(await recipeOf(untold.id, config)), noiseMap: "known" });
    const summaries = await lab.listEvaluations({ runId: told.id });
    expect(summaries.map(({ recipe }) => recipe.noiseMap).toSorted()).toEqual(["estimated", "known"]);
  });
});

describe("an evaluation in the background", () => {
  it("gives the same figures as one that is waited for", async () => {
    const { lab, model } = await prepare();
    const { task, evaluation } = await evaluate(lab, model.id);
    expect(task).toMatchObject({ kind: "evaluation", state: "finished", progress: { done: 3, total: 3, share: 1 } });
    const { images, ...summary } = await lab.showEvaluation(evaluation);
    const waited = await lab.evaluate(model.id, config, null);
    const withoutSeconds = (figures: typeof images) => figures.map((figure) => ({ ...figure, seconds: 0 }));
    expect(withoutSeconds(images)).toEqual(withoutSeconds(waited.images));
    expect(summary).toMatchObject({
      runId: model.id,
      photos: 3,
      mean: waited.mean,
      recipe: { name: "whole-image/one-draw/clip/grey/gaussian-25/seed-0" },
      hasPictures: true,
    });
    const listed = await lab.listEvaluations({ runId: model.id });
    expect(listed.map(({ id, hasPictures }) => [id === evaluation, hasPictures])).toEqual([
      [false, false],
      [true, true],
    ]);
    expect(await lab.listEvaluations({ runId: "other" })).toEqual([]);
    expect(await lab.exportEvaluation(evaluation)).toContain("recipe,dataset,run_id");
  });

  it("keeps the pictures that its figures tell about", async () => {
    const { lab, folder, model } = await prepare();
    const { evaluation } = await evaluate(lab, model.id);
    const { images } = await lab.showEvaluation(evaluation);
    const wish = { kind: "evaluation", evaluation, image: "photo-01.png" } as const;
    const clean = await readFloats(lab, { ...wish, view: "clean" });
    expect(clean).toEqual((await decodePhoto(join(folder, "photo-01.png"))).photo);
    const noisy = await readFloats(lab, { ...wish, view: "noisy" });
    expect(computePsnr(clip(noisy), clean)).toBeCloseTo(images[1]?.noisy.psnrDb ?? 0, 6);
    const denoised = await readFloats(lab, { ...wish, view: "denoised" });
    expect(computePsnr(denoised, clip(gaussianBlur(noisy, 1)))).toBeGreaterThan(90); // kept with 16 bits
    const error = await readFloats(lab, { ...wish, view: "error", gain: 2 });
    expect(error.data[9]).toBeCloseTo(0.5 + ((denoised.data[9] ?? 0) - (clean.data[9] ?? 0)), 5);
  });

  it("measures in colour the network of a training in colour, which was sent colour photos", async () => {
    const { lab } = await prepare();
    const config = trainConfigSchema.parse({ network: { imageChannels: 3 }, data: { maxPhotos: 3 } });
    const model = await lab.waitForRun((await lab.startTraining(config, TINY_GENOTYPE)).id);
    expect(JSON.stringify(await lab.readRunEvents(model.id))).toContain("sample-000 [256, 256, 3]");
    const wanted = evaluationConfigSchema.parse({ data: { maxPhotos: 1 } });
    const { recipe, images } = await lab.evaluate(model.id, wanted, null);
    expect(recipe).toMatchObject({ name: "whole-image/one-draw/clip/colour/gaussian-30/seed-0", channels: "colour" });
    const clean = generateSamplePhoto(0, SAMPLE_SET);
    const noisy = addNoise(clean, { kind: "gaussian", sigma255: 30 }, createRandom(0, "evaluation", "sample-000"));
    expect(images[0]?.denoised.psnrDb).toBe(computePsnr(clip(gaussianBlur(noisy, 1)), clean));
  });

  it("opens with its pictures after the figures were written by the first version", async () => {
    const { lab, folder, model } = await prepare();
    const id = "01JGKZ6DV0ABCDEFGHJKMNPQRS";
    const scores = { psnrDb: 24, ssim: 0.5, psnr8BitDb: 24, ssim8Bit: 0.5 };
    const versions = { noisy: scores, blurred: scores, denoised: scores };
    const figures = {
      schema: "hinas.evaluation",
      version: 1,
      recipe: { name: "whole-image", noise: "gaussian-25", noiseSeed: 3, clipped: true, channels: "grey" },
      dataset: "mine",
      model: { runId: model.id, checkpoint: "checkpoints/best.safetensors", genotypeHash: "0badf00d" },
      images: [{ name: "photo-01.png", width: 24, height: 24, ...versions, seconds: 1 }],
      mean: versions,
      parameters: 12,
      multiplyAddsPerPixel: 34,
      megapixelsPerSecond: 1,
      peakResidentMb: 99,
      engine: "tensorflow",
    };
    const place = join(model.folder, "evaluations", `evaluation-${id}`);
    await mkdir(place, { recursive: true });
    await writeFile(`${place}.json`, JSON.stringify(figures));
    const wanted = { data: { dataset: "mine" }, noise: config.noise, noiseSeed: 3, memoryBudgetMb: 576 };
    await writeFile(join(place, "config.json"), JSON.stringify(wanted));
    await lab.rebuildStore();
    await lab.addDataset({ name: "mine", folder, noisyFolder: null });
    expect(await lab.showEvaluation(id)).toMatchObject({ images: figures.images, hasPictures: true });
    const noisy = await readFloats(lab, { kind: "evaluation", evaluation: id, image: "photo-01.png", view: "noisy" });
    const { photo } = await decodePhoto(join(folder, "photo-01.png"));
    const random = createRandom(3, "evaluation", "photo-01.png");
    expect(noisy).toEqual(addNoise(photo, { kind: "gaussian", sigma255: 25 }, random));
  });

  it("can be cancelled, and then leaves no figures", async () => {
    const { lab, model } = await prepare();
    const { id } = await lab.startEvaluation({ model: model.id, configs: [config] });
    await lab.cancelTask(id);
    await expect.poll(async () => (await lab.listTasks())[0]?.state).toBe("cancelled");
    expect(await lab.listEvaluations({ runId: null })).toEqual([]);
  });

  it("refuses what is no model, at once", async () => {
    const { lab } = await prepare();
    await expect(lab.startEvaluation({ model: "ZZZ", configs: [config] })).rejects.toMatchObject({ kind: "not_found" });
    await expect(lab.showEvaluation("ZZZ")).rejects.toMatchObject({ kind: "not_found" });
  });
});
