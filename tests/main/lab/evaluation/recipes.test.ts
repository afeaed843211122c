import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";

import { describe, expect, it, onTestFinished, vi } from "vitest";

import type { DenoiseOptions } from "#main/compute/protocol.ts";
import type { Lab } from "#shared/api/lab.ts";
import { crop } from "#shared/image/geometry.ts";
import { gaussianBlur } from "#shared/image/gaussianBlur.ts";
import { makeNoisy } from "#shared/image/noise.ts";
import type { Photo } from "#shared/image/photo.ts";
import { computePsnr } from "#shared/image/psnr.ts";
import { clip } from "#shared/image/scores.ts";
import { type EvaluationConfig, evaluationConfigSchema } from "#shared/runs/config.ts";

import { largestDifference } from "#tests/helpers/arrays.ts";
import { denoiseEightTurns } from "#tests/helpers/eightTurns.ts";
import { makeFolder, openLab, writePhotos } from "#tests/helpers/labHome.ts";
import { readFloats } from "#tests/helpers/pictures.ts";
import { trainModel } from "#tests/helpers/trainedModel.ts";

const NOISE = { kind: "gaussian", sigma255: 25 } as const;

async function prepare(network: Parameters<typeof trainModel>[3] = {}) {
  const folder = await writePhotos(await makeFolder(), 3);
  const { lab, said } = openLab(await makeFolder());
  await lab.addDataset({ name: "mine", folder, noisyFolder: null });
  const model = await trainModel(lab, "mine", "", network);
  return { lab, said, folder, model };
}

const configOf = (changes: Readonly<Record<string, unknown>>): EvaluationConfig =>
  evaluationConfigSchema.parse({ data: { dataset: "sample", maxPhotos: 1 }, noise: NOISE, ...changes });

async function evaluateInBackground(lab: Lab, model: string, configs: readonly EvaluationConfig[]) {
  const { id } = await lab.startEvaluation({ model, configs: [...configs] });
  const find = async () => (await lab.listTasks()).find((task) => task.id === id);
  await expect.poll(async () => (await find())?.endedAt, { timeout: 60_000 }).not.toBeNull();
  return find();
}

/** The built-in photo in grey, as the lab gives it to a network for grey pictures. */
async function drawGrey(lab: Lab): Promise<Photo> {
  const photo = { dataset: "sample", photo: "sample-000" };
  return readFloats(lab, { kind: "noise", ...photo, channels: 1, noise: NOISE, seed: 0, view: "clean" });
}
const noisyOf = (photo: Photo, seed: number) => makeNoisy({ name: "sample-000", clean: photo }, NOISE, seed).noisy;

describe("several tests at once", () => {
  it("are evaluations of one group, one for each set and level, under one task that counts all photos", async () => {
    const { lab, model } = await prepare();
    await lab.addDataset({ name: "other", folder: await writePhotos(await makeFolder(), 3), noisyFolder: null });
    const configs = ["mine", "other"].flatMap((dataset) =>
      [15, 50].map((sigma255) => configOf({ data: { dataset, maxPhotos: 2 }, noise: { kind: "gaussian", sigma255 } })),
    );
    const task = await evaluateInBackground(lab, model.id, configs);
    expect(task).toMatchObject({ state: "finished", progress: { done: 8, total: 8 } });
    expect(task?.title).toMatch(/ on mine, other$/);
    const listed = (await lab.listEvaluations({ runId: model.id })).toReversed();
    expect(listed.map(({ dataset, recipe, hasPictures }) => [dataset, recipe.noise, hasPictures])).toEqual([
      ["mine", "gaussian-15", true],
      ["mine", "gaussian-50", true],
      ["other", "gaussian-15", true],
      ["other", "gaussian-50", true],
    ]);
    expect(new Set(listed.map(({ group }) => group)).size).toBe(1);
    expect(listed[0]?.group).toBeTruthy();
    expect(task?.outcome).toEqual({ kind: "evaluation", evaluation: listed[0]?.id });
    const alone = await lab.evaluate(model.id, configs[1] ?? configOf({}), null);
    expect(alone.group).toBeUndefined();
    expect(alone.mean).toEqual(listed[1]?.mean);
  });

  it("are not begun where one of them can never be measured", async () => {
    const { lab, model } = await prepare();
    const good = configOf({});
    const bad = configOf({ noise: { kind: "paired" } });
    const task = await evaluateInBackground(lab, model.id, [good, bad]);
    expect(task).toMatchObject({ state: "failed", error: { kind: "bad_data" } });
    expect(await lab.listEvaluations({ runId: model.id })).toEqual([]);
  });

  it("tell a network with a noise map the level of each", async () => {
    const record = join(await makeFolder(), "options.jsonl");
    vi.stubEnv("DENOISE_RECORD", record);
    onTestFinished(() => void vi.unstubAllEnvs());
    const { lab, model } = await prepare({ noiseMap: true });
    const levels = [15, 25, 50];
    await lab.evaluateAll(
      model.id,
      levels.map((sigma255) =>
        configOf({ data: { dataset: "mine", maxPhotos: 1 }, noise: { kind: "gaussian", sigma255 } }),
      ),
      null,
    );
    const told = (await readFile(record, "utf8")).trim().split("\n");
    expect(told.map((line) => (JSON.parse(line) as DenoiseOptions).noise)).toEqual(
      levels.map((sigma255) => ({ kind: "gaussian", sigma255 })),
    );
  });

  it("are written into one file of figures", async () => {
    const { lab, model } = await prepare();
    const folder = join(await makeFolder(), "figures");
    await mkdir(folder);
    const one = configOf({ data: { dataset: "mine", maxPhotos: 1 } });
    const evaluations = await lab.evaluateAll(model.id, [one, configOf({ data: { dataset: "mine" } })], folder);
    expect(JSON.parse(await readFile(join(folder, "evaluations.json"), "utf8"))).toEqual(evaluations);
    expect((await readFile(join(folder, "evaluations.csv"), "utf8")).split("\r\n")).toHaveLength(1 + 6 + 12 + 1);
  });
});

describe("several noise seeds", () => {
  it("give the mean and the standard deviation of the figures of each seed", async () => {
    const { lab, model } = await prepare();
    const data = { dataset: "mine" };
    const three = await lab.evaluate(model.id, configOf({ data, noiseSeed: 4, noiseSeeds: 3 }), null);
    expect(three.recipe).toMatchObject({ noiseSeed: 4, noiseSeeds: 3 });
    expect(three.recipe.name).toBe("whole-image/one-draw/clip/grey/gaussian-25/seeds-4..6");
    const alone = [];
    for (const noiseSeed of [4, 5, 6]) alone.push(await lab.evaluate(model.id, configOf({ data, noiseSeed }), null));
    expect(alone[0]).not.toHaveProperty("spread");
    const deviation = ([a = NaN, b = NaN, c = NaN]: number[]): number => {
      const mean = (a + b + c) / 3;
      return Math.sqrt(((a - mean) ** 2 + (b - mean) ** 2 + (c - mean) ** 2) / 2);
    };
    const psnrs = alone.map(({ mean }) => mean.denoised.psnrDb);
    expect(new Set(psnrs).size).toBe(3);
    expect(three.mean.denoised.psnrDb).toBeCloseTo(psnrs.reduce((sum, value) => sum + value, 0) / 3, 10);
    expect(three.spread?.denoised.psnrDb).toBeCloseTo(deviation(psnrs), 10);
    const ssims = alone.map(({ images }) => images[1]?.noisy.ssim ?? NaN);
    expect(three.images[1]?.noisy.ssim).toBeCloseTo(ssims.reduce((sum, value) => sum + value, 0) / 3, 10);
    expect(three.images[1]?.spread?.noisy.ssim).toBeCloseTo(deviation(ssims), 10);
  });

  it("keep the pictures of the first", async () => {
    const { lab, model } = await prepare();
    await evaluateInBackground(lab, model.id, [configOf({ noiseSeed: 2, noiseSeeds: 2 })]);
    const [evaluation] = await lab.listEvaluations({ runId: model.id });
    const wish = { kind: "evaluation", evaluation: evaluation?.id ?? "", image: "sample-000" } as const;
    const grey = await drawGrey(lab);
    const noisy = await readFloats(lab, { ...wish, view: "noisy" });
    expect(noisy).toEqual(noisyOf(grey, 2));
    const denoised = await readFloats(lab, { ...wish, view: "denoised" });
    expect(computePsnr(denoised, clip(gaussianBlur(noisy, 1)))).toBeGreaterThan(90);
  });
});

describe("a self-ensemble", () => {
  it("is measured on eight hand-turned runs under a name of its own", async () => {
    const { lab, model } = await prepare();
    const { recipe, images } = await lab.evaluate(model.id, configOf({ selfEnsemble: true }), null);
    expect(recipe).toMatchObject({ selfEnsemble: true });
    expect(recipe.name).toBe("whole-image/one-draw/clip/grey/gaussian-25/seed-0/self-ensemble-x8");
    const grey = await drawGrey(lab);
    const mean = await denoiseEightTurns(noisyOf(grey, 0), async (turned) => gaussianBlur(turned, 1));
    const expected = computePsnr(clip({ ...grey, data: Float32Array.from(mean) }), grey);
    expect(images[0]?.denoised.psnrDb).toBeCloseTo(expected, 5);
  });
});

/** The reference code's test by a naive loop: tiles of 64 every 48, the last flush, fresh noise each, overlaps averaged. */
function denoiseInTiles(photo: Photo, work: (noisy: Photo) => Photo): Photo {
  const { width, height } = photo;
  const sum = new Float64Array(width * height);
  const count = new Float64Array(width * height);
  const starts = (length: number) => {
    const all = [];
    for (let from = 0; from + 64 < length; from += 48) all.push(from);
    return [...all, length - 64];
  };
  for (const y of starts(height)) {
    for (const x of starts(width)) {
      const tile = crop(photo, { x, y, width: 64, height: 64 });
      const done = work(makeNoisy({ name: `sample-000 at ${x}, ${y}`, clean: tile }, NOISE, 0).noisy);
      done.data.forEach((value, i) => {
        const to = (y + Math.floor(i / 64)) * width + x + (i % 64);
        sum[to] = (sum[to] ?? NaN) + value;
        count[to] = (count[to] ?? NaN) + 1;
      });
    }
  }
  return { ...photo, data: Float32Array.from(sum, (value, i) => value / (count[i] ?? NaN)) };
}

describe("the reference code's protocol", () => {
  it("averages what tiles with fresh noise give, and flatters the noisy picture, too", async () => {
    const { lab, model } = await prepare();
    const honest = await lab.evaluate(model.id, configOf({}), null);
    await evaluateInBackground(lab, model.id, [configOf({ protocol: "reference_tiles" })]);
    const [summary] = await lab.listEvaluations({ runId: model.id });
    const { recipe, images, id } = await lab.showEvaluation(summary?.id ?? "");
    expect(recipe).toMatchObject({ protocol: "reference_tiles" });
    expect(recipe.name).toBe("tiles-64/draw-per-tile/clip/grey/gaussian-25/seed-0");
    const grey = await drawGrey(lab);
    const noisy = denoiseInTiles(grey, (tile) => tile);
    expect(images[0]?.noisy.psnrDb).toBeCloseTo(computePsnr(clip(noisy), grey), 5);
    expect(images[0]?.noisy.psnrDb).toBeGreaterThan((honest.images[0]?.noisy.psnrDb ?? NaN) + 0.5);
    const denoised = denoiseInTiles(grey, (tile) => gaussianBlur(tile, 1));
    expect(images[0]?.denoised.psnrDb).toBeCloseTo(computePsnr(clip(denoised), grey), 5);
    const shown = await readFloats(lab, { kind: "evaluation", evaluation: id, image: "sample-000", view: "noisy" });
    expect(largestDifference(shown.data, noisy.data)).toBeLessThan(1e-6);
  });

  it("takes a photo that is smaller than a tile as it is", async () => {
    const { lab, model } = await prepare();
    const config = configOf({ data: { dataset: "mine" }, protocol: "reference_tiles" });
    expect((await lab.evaluate(model.id, config, null)).images).toHaveLength(3);
  });

  it("is refused for camera pairs, whose noise cannot be drawn anew", async () => {
    const { lab, folder, model } = await prepare();
    await lab.addDataset({ name: "pairs", folder, noisyFolder: await writePhotos(await makeFolder(), 3) });
    const config = configOf({ data: { dataset: "pairs" }, noise: { kind: "paired" }, protocol: "reference_tiles" });
    await expect(lab.evaluate(model.id, config, null)).rejects.toMatchObject({ kind: "bad_config" });
  });
});
