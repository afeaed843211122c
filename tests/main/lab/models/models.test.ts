import { copyFile, readFile, readdir, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";

import { parse as parseYaml } from "yaml";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { decodePhoto } from "#main/photos/decodePhoto.ts";
import type { DenoiseInput, DenoiseProgress } from "#shared/api/denoising.ts";
import { addNoise } from "#shared/image/noise.ts";
import { gaussianBlur } from "#shared/image/gaussianBlur.ts";
import { computeScores } from "#shared/image/scores.ts";
import { createRandom } from "#shared/random/createRandom.ts";
import { evaluationConfigSchema, searchConfigSchema, trainConfigSchema } from "#shared/runs/config.ts";

import { makeFolder, openLab, writePhotos } from "#tests/helpers/labHome.ts";
import { TINY_GENOTYPE } from "#tests/helpers/tinyGenotype.ts";

/** All tests of this file use one trained network. */
let trained: Awaited<ReturnType<typeof train>>;
const cleanUps: (() => Promise<void>)[] = [];
beforeAll(async () => {
  trained = await train();
});
afterAll(async () => {
  for (const cleanUp of cleanUps.reverse()) await cleanUp();
});

async function train() {
  const later = (cleanUp: () => Promise<void>) => void cleanUps.push(cleanUp);
  const { lab, said } = openLab(await makeFolder(later), later);
  const photos = await writePhotos(await makeFolder(later), 4);
  const config = trainConfigSchema.parse({ data: { dataset: photos }, training: { steps: 40 } });
  const { id, folder } = await lab.startTraining(config, TINY_GENOTYPE);
  await lab.waitForRun(id);
  return { lab, said, id, folder, photos, best: join(folder, "checkpoints/best.safetensors") };
}

function evaluation(dataset: string, changes: object = {}) {
  return evaluationConfigSchema.parse({ data: { dataset }, noise: { kind: "gaussian", sigma255: 30 }, ...changes });
}

describe("evaluate", () => {
  it("measures noisy, blurred and denoised photos by a recipe that is part of the figures", async () => {
    const { lab, id, photos } = trained;
    const figures = await lab.evaluate(id, evaluation(photos), null);
    expect(figures.recipe.name).toBe("whole-image/one-draw/clip/grey/gaussian-30/seed-0");
    expect(figures.model).toEqual({ runId: id, checkpoint: "checkpoints/best.safetensors", genotypeHash: "0badf00d" });
    expect(figures).toMatchObject({ parameters: 12, multiplyAddsPerPixel: 34, peakResidentMb: 99 });
    expect(figures.engine).toBe("tensorflow on script");
    const [first] = figures.images;
    const clean = (await decodePhoto(join(photos, "photo-00.png"))).photo;
    const random = createRandom(0, "evaluation", "photo-00.png");
    const noisy = addNoise(clean, { kind: "gaussian", sigma255: 30 }, random);
    expect(first?.noisy).toEqual(computeScores(noisy, clean));
    expect(first?.denoised).toEqual(computeScores(gaussianBlur(noisy, 1), clean));
    expect(first?.blurred.psnrDb).toBeGreaterThanOrEqual(first?.denoised.psnrDb ?? Infinity);
    const sum = figures.images.reduce((total, { denoised }) => total + denoised.psnrDb, 0);
    expect(figures.mean.denoised.psnrDb).toBeCloseTo(sum / 4, 10);
  });

  it("draws the same noise again for the same seed, and other noise for another", async () => {
    const { lab, id, photos } = trained;
    const first = await lab.evaluate(id, evaluation(photos), null);
    const again = await lab.evaluate(id, evaluation(photos, { data: { dataset: photos, maxPhotos: 1 } }), null);
    const other = await lab.evaluate(id, evaluation(photos, { noiseSeed: 1 }), null);
    expect(again.images.map(({ noisy }) => noisy)).toEqual([first.images[0]?.noisy]);
    expect(other.images[0]?.noisy).not.toEqual(first.images[0]?.noisy);
  });

  it("keeps the figures in the run folder and writes them as JSON and CSV", async () => {
    const { lab, id, folder, photos } = trained;
    const out = join(await makeFolder(), "new", "figures");
    const figures = await lab.evaluate(id, evaluation(photos), out);
    expect(JSON.parse(await readFile(join(out, "evaluation.json"), "utf8"))).toEqual(figures);
    const kept = (await readdir(join(folder, "evaluations"))).toSorted().at(-1) ?? "";
    expect(JSON.parse(await readFile(join(folder, "evaluations", kept), "utf8"))).toEqual(figures);
    const lines = (await readFile(join(out, "evaluation.csv"), "utf8")).split("\r\n");
    expect(lines[0]).toBe(
      "recipe,dataset,run_id,genotype,image,width_px,height_px,version,psnr_db,ssim,psnr_8bit_db,ssim_8bit,haar_psi,seconds",
    );
    expect(lines).toHaveLength(1 + (4 + 1) * 3 + 1);
    expect(lines.at(-1)).toBe("");
    expect(lines[1]?.split(",").slice(4, 9)).toEqual([
      "photo-00.png",
      "24",
      "24",
      "noisy",
      String(figures.images[0]?.noisy.psnrDb),
    ]);
  });

  it("takes a checkpoint file from anywhere", async () => {
    const { lab, best, photos } = trained;
    const file = join(await makeFolder(), "mine.safetensors");
    await copyFile(best, file);
    const { model } = await lab.evaluate(file, evaluation(photos), null);
    expect(model).toEqual({ runId: "", checkpoint: file, genotypeHash: "0badf00d" });
  });

  it("refuses what is no model: a search, a missing file, a damaged file", async () => {
    const { lab, photos } = trained;
    const search = await lab.startSearch(searchConfigSchema.parse({ data: { dataset: photos } }));
    await lab.waitForRun(search.id);
    await expect(lab.evaluate(search.id, evaluation(photos), null)).rejects.toThrow("must be a training, got a search");
    await expect(lab.evaluate("none.safetensors", evaluation(photos), null)).rejects.toMatchObject({
      kind: "not_found",
    });
    const damaged = join(await makeFolder(), "damaged.safetensors");
    await writeFile(damaged, "damaged");
    await expect(lab.evaluate(damaged, evaluation(photos), null)).rejects.toMatchObject({ kind: "bad_checkpoint" });
  });
});

describe("denoise", () => {
  const defaults = {
    outputFolder: null,
    strength: 1,
    memoryBudgetMb: 64,
    format: null,
    bitDepth: null,
    addNoise: null,
    noiseSeed: 0,
    sigma255: null,
    selfEnsemble: false,
    device: null,
  } satisfies Partial<DenoiseInput>;

  it("keeps the tree of a folder, the format and the sources", async () => {
    const { lab, id } = trained;
    const folder = await makeFolder();
    await writePhotos(folder, 1);
    await writePhotos(join(folder, "deep", "er"), 1);
    const before = await readFile(join(folder, "photo-00.png"));
    const outputFolder = join(await makeFolder(), "out");
    const files = await lab.denoise({ ...defaults, model: id, inputs: [folder], outputFolder }, () => undefined);
    const [deep, top] = files.map(({ output }) => output ?? "");
    expect(deep?.startsWith(join(outputFolder, "deep", "er", "photo-00_hinas-"))).toBe(true);
    expect(basename(top ?? "")).toMatch(/^photo-00_hinas-[0-9a-f]{8}\.png$/);
    const clean = (await decodePhoto(top ?? "")).photo;
    const expected = gaussianBlur((await decodePhoto(join(folder, "photo-00.png"))).photo, 1);
    expect(clean.data.every((value, i) => Math.abs(value - (expected.data[i] ?? 0)) <= 0.5 / 255 + 1e-6)).toBe(true);
    expect(await readFile(join(folder, "photo-00.png"))).toEqual(before);
  });

  it("does the good photos where one is bad, and tells what is wrong with it", async () => {
    const { lab, id } = trained;
    const folder = await writePhotos(await makeFolder(), 2);
    await writeFile(join(folder, "bad.png"), "text");
    const files = await lab.denoise({ ...defaults, model: id, inputs: [folder] }, () => undefined);
    expect(files.map(({ output, error }) => [output !== null, error === null])).toEqual([
      [false, false],
      [true, true],
      [true, true],
    ]);
    expect(files[0]?.error).toContain("bad.png");
    expect(files.map(({ errorKind }) => errorKind)).toEqual(["bad_data", null, null]);
  });

  it("passes over results that are there already, its own ones among the inputs included", async () => {
    const { lab, id, said } = trained;
    const folder = await writePhotos(await makeFolder(), 2);
    const input = { ...defaults, model: id, inputs: [folder] };
    await lab.denoise(input, () => undefined);
    const names = await readdir(folder);
    const again = await lab.denoise(input, () => undefined);
    expect(again.map(({ error, seconds }) => [error, seconds])).toEqual([
      [null, 0],
      [null, 0],
    ]);
    expect(await readdir(folder)).toEqual(names);
    expect(said.filter((line) => line.includes("is there already"))).toHaveLength(2);
  });

  it("gives results of another strength, with noise or in another format names of their own", async () => {
    const { lab, id } = trained;
    const folder = await writePhotos(await makeFolder(), 1);
    const input = { ...defaults, model: id, inputs: [join(folder, "photo-00.png")] };
    const addNoise = { kind: "gaussian", sigma255: 30 } as const;
    const names: string[] = [];
    for (const changes of [{}, { strength: 0.5 }, { addNoise }, { format: "tiff" } as const]) {
      const [file] = await lab.denoise({ ...input, ...changes }, () => undefined);
      names.push(basename(file?.output ?? "").replace(/hinas-[0-9a-f]{8}/, "hinas-HASH"));
    }
    expect(names).toEqual([
      "photo-00_hinas-HASH.png",
      "photo-00_hinas-HASH-s0.5.png",
      "photo-00_hinas-HASH-noisy.png",
      "photo-00_hinas-HASH.tif",
    ]);
  });

  it("refuses the second of two photos whose results would have the same name", async () => {
    const { lab, id } = trained;
    const one = await writePhotos(await makeFolder(), 1);
    const two = await writePhotos(await makeFolder(), 1);
    const input = { ...defaults, model: id, inputs: [one, two, one], outputFolder: await makeFolder() };
    const files = await lab.denoise(input, () => undefined);
    expect(files.map(({ error }) => error === null)).toEqual([true, false]);
    expect(files[1]?.error).toContain(`${join(one, "photo-00.png")} already gives`);
  });

  it("tells of its progress and refuses inputs that are not there", async () => {
    const { lab, id } = trained;
    const folder = await writePhotos(await makeFolder(), 2);
    const progress: DenoiseProgress[] = [];
    await lab.denoise({ ...defaults, model: id, inputs: [folder] }, (now) => progress.push(now));
    expect(progress.map(({ filesDone, filesTotal, tilesDone }) => [filesDone, filesTotal, tilesDone])).toEqual([
      [0, 2, 0],
      [0, 2, 1],
      [1, 2, 0],
      [1, 2, 1],
    ]);
    const nowhere = { ...defaults, model: id, inputs: [join(folder, "none.png")] };
    await expect(lab.denoise(nowhere, () => undefined)).rejects.toMatchObject({ kind: "not_found" });
  });
});

describe("the folder of a training", () => {
  it("holds a configuration that can be used again", async () => {
    const { folder, photos } = trained;
    const config = trainConfigSchema.parse(parseYaml(await readFile(join(folder, "config.yaml"), "utf8")));
    expect(config.data.dataset).toBe(photos);
    const environment: unknown = JSON.parse(await readFile(join(folder, "env.json"), "utf8"));
    expect(environment).toMatchObject({ node: process.version, engine: { device: "script" } });
  });
});
