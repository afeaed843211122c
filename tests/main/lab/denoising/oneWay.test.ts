import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { Command } from "commander";
import { describe, expect, it, onTestFinished, vi } from "vitest";

import { addDenoiseCommand } from "#main/cli/commands/denoiseCommand.ts";
import { createTerminal } from "#main/cli/terminal.ts";
import type { DenoiseOptions } from "#main/compute/protocol.ts";
import { decodePhoto } from "#main/photos/decodePhoto.ts";
import { denoiseRequestSchema } from "#shared/api/denoising.ts";
import type { Lab } from "#shared/api/lab.ts";
import { makeNoisy } from "#shared/image/noise.ts";
import { blend } from "#shared/image/blend.ts";
import { gaussianBlur } from "#shared/image/gaussianBlur.ts";
import type { Photo } from "#shared/image/photo.ts";
import { evaluationConfigSchema } from "#shared/runs/config.ts";

import { makeFolder, openLab, writeColourPhotos, writePhotos } from "#tests/helpers/labHome.ts";
import { readFloats, readPixels } from "#tests/helpers/pictures.ts";
import { trainModel } from "#tests/helpers/trainedModel.ts";

/** Strong enough that what goes into the network and what comes out leave 0..1. */
const NOISE = { kind: "gaussian", sigma255: 160 } as const;
const NOISE_SEED = 7;
const NAME = "photo-01.png";

async function prepare() {
  const photos = await writePhotos(await makeFolder(), 3);
  const { lab } = openLab(await makeFolder());
  await lab.addDataset({ name: "mine", folder: photos, noisyFolder: null });
  return { lab, photos, model: (await trainModel(lab, photos)).id };
}

async function prepareColours() {
  const folder = await writePhotos(await writeColourPhotos(await makeFolder(), 2), 2);
  const { lab } = openLab(await makeFolder());
  await lab.addDataset({ name: "mixed", folder, noisyFolder: null });
  return { lab, folder };
}

/** Measures a network on the mixed photos, and names the pictures of one of them. */
async function evaluateMixed(lab: Lab, model: string, image: string) {
  const config = evaluationConfigSchema.parse({ data: { dataset: "mixed" }, noise: NOISE, noiseSeed: NOISE_SEED });
  await finish(lab, lab.startEvaluation({ model, configs: [config] }));
  const [evaluation] = await lab.listEvaluations({ runId: null });
  return { kind: "evaluation", evaluation: evaluation?.id ?? "", image } as const;
}

/** Waits for the end of the only task that is at work. */
async function finish(lab: Lab, start: Promise<{ readonly id: string }>): Promise<string> {
  const { id } = await start;
  const find = async () => (await lab.listTasks()).find((task) => task.id === id);
  await expect.poll(async () => (await find())?.state, { timeout: 20_000 }).toBe("finished");
  return id;
}

/** Calls `hinas denoise` with a lab that is open. */
async function denoiseByCommand(lab: Lab, args: readonly string[]): Promise<void> {
  const stream = { write: () => true };
  const terminal = createTerminal({ stdout: stream, stderr: stream, quiet: true, verbose: false, color: false });
  const surroundings = { stdout: stream, stderr: stream, env: {}, workingFolder: "/", presetsFolder: "/" };
  const outside = { ...surroundings, version: "0.0.0-test", isAttended: false };
  const program = new Command();
  addDenoiseCommand(program, async (_, body) => {
    const session = {
      terminal,
      json: true,
      home: "/",
      device: null,
      surroundings: outside,
      openLab: () => Promise.resolve(lab),
    };
    expect(await body(session)).toBe(0);
  });
  await program.parseAsync(["denoise", ...args], { from: "user" });
}

/** What the scripted network, a blur, must give, rounded as a file of 16 bits is. */
async function expected(file: string, addNoise: typeof NOISE | null, strength: number): Promise<number[]> {
  const clean = (await decodePhoto(file)).photo;
  const input = addNoise === null ? clean : makeNoisy({ name: NAME, clean }, addNoise, NOISE_SEED).noisy;
  const output = gaussianBlur(input, 1);
  if (addNoise !== null) expect([Math.min(...output.data) < 0, Math.max(...output.data) > 1]).toEqual([true, true]);
  return [...blend(input, output, strength).data].map((value) => Math.round(value * 65_535));
}

const toWhole = ({ data }: Photo): number[] => [...data].map((value) => Math.round(value * 65_535));

describe.each([null, NOISE])("a photo with %j added", (addNoise) => {
  it.each([1, 0.5, 0.25])("has the same pixels by window, command line and folder at strength %d", async (strength) => {
    const { lab, photos, model } = await prepare();
    const file = join(photos, NAME);
    const wanted = await expected(file, addNoise, strength);
    const saving = { strength, format: null, bitDepth: 16 } as const;
    const request = { models: [model], inputs: [file], addNoise, noiseSeed: NOISE_SEED };

    const look = await finish(lab, lab.startDenoise(denoiseRequestSchema.parse(request)));
    const saved = join(await makeFolder(), "saved.png");
    await lab.saveDenoised({ task: look, item: 0, ...saving, file: saved, overwrite: false });
    expect(toWhole((await decodePhoto(saved)).photo)).toEqual(wanted);

    const outputFolder = await makeFolder();
    const how = {
      memoryBudgetMb: 64,
      addNoise,
      noiseSeed: NOISE_SEED,
      sigma255: null,
      selfEnsemble: false,
      device: null,
    };
    const options = { model, inputs: [file], outputFolder, ...how };
    const [byCommand] = await lab.denoise({ ...options, ...saving }, () => undefined);
    expect(toWhole((await decodePhoto(byCommand?.output ?? "")).photo)).toEqual(wanted);

    const output = { kind: "folder", folder: await makeFolder(), ...saving };
    const written = await finish(lab, lab.startDenoise(denoiseRequestSchema.parse({ ...request, output })));
    const { items } = await lab.listDenoiseItems({ task: written, offset: 0, limit: 1 });
    expect(toWhole((await decodePhoto(items[0]?.output ?? "")).photo)).toEqual(wanted);
  });
});

const REGION = { x: 3, y: 5, width: 4, height: 2 };

describe("a strength", () => {
  it.each([0, 0.5, 1])("shows the pixels that are saved, at %d and of values outside 0..1", async (strength) => {
    const { lab, photos, model } = await prepare();
    const request = { models: [model], inputs: [join(photos, NAME)], addNoise: NOISE, noiseSeed: NOISE_SEED };
    const task = await finish(lab, lab.startDenoise(denoiseRequestSchema.parse(request)));
    const file = join(await makeFolder(), "saved.png");
    await lab.saveDenoised({ task, item: 0, strength, format: null, bitDepth: 8, file, overwrite: false });
    const wish = { kind: "denoise", task, item: 0, view: "output", strength } as const;
    // Grey pictures decode to three equal channels.
    const read = async (region?: typeof REGION) => {
      const { data, channels } = await readPixels(lab, { ...wish, region });
      return data.filter((_, i) => i % channels === 0);
    };
    const shown = await read();
    const saved = (await decodePhoto(file)).photo;
    expect(shown).toEqual([...saved.data].map((value) => Math.round(value * 255)));
    const { x, y, width } = REGION;
    expect((await read(REGION)).slice(0, width)).toEqual(shown.slice(y * saved.width + x, y * saved.width + x + width));
  });
});

describe("a known sigma", () => {
  it("reaches the network by window, folder, lab and command line", async () => {
    const record = join(await makeFolder(), "options.jsonl");
    vi.stubEnv("DENOISE_RECORD", record);
    onTestFinished(() => void vi.unstubAllEnvs());
    const { lab, photos, model } = await prepare();
    const inputs = [join(photos, NAME)];
    const request = { models: [model], inputs, sigma255: 17 };
    await finish(lab, lab.startDenoise(denoiseRequestSchema.parse(request)));
    const output = { kind: "folder", folder: await makeFolder() };
    await finish(lab, lab.startDenoise(denoiseRequestSchema.parse({ ...request, output })));
    const saving = { strength: 1, format: null, bitDepth: null, outputFolder: await makeFolder() } as const;
    const how = { memoryBudgetMb: 64, addNoise: null, noiseSeed: 0, sigma255: 17, selfEnsemble: false, device: null };
    await lab.denoise({ model, inputs, ...saving, ...how }, () => undefined);
    await denoiseByCommand(lab, [model, ...inputs, "--out", await makeFolder(), "--sigma", "17"]);
    const told = (await readFile(record, "utf8")).trim().split("\n");
    expect(told.map((line) => (JSON.parse(line) as DenoiseOptions).noise)).toEqual(
      new Array(4).fill({ kind: "gaussian", sigma255: 17 }),
    );
  });
});

describe("a seed of noise", () => {
  it("means the same on the bench, in an evaluation and where photos are denoised", async () => {
    const { lab, model } = await prepare();
    const photo = { dataset: "mine", photo: NAME };
    const bench = await readFloats(lab, { kind: "noise", ...photo, noise: NOISE, seed: NOISE_SEED, view: "noisy" });

    const request = { models: [model], inputs: [photo], addNoise: NOISE, noiseSeed: NOISE_SEED };
    const task = await finish(lab, lab.startDenoise(denoiseRequestSchema.parse(request)));
    expect(await readFloats(lab, { kind: "denoise", task, item: 0, view: "input" })).toEqual(bench);

    const config = evaluationConfigSchema.parse({ data: { dataset: "mine" }, noise: NOISE, noiseSeed: NOISE_SEED });
    await finish(lab, lab.startEvaluation({ model, configs: [config] }));
    const [evaluation] = await lab.listEvaluations({ runId: null });
    const wish = { kind: "evaluation", evaluation: evaluation?.id ?? "", image: NAME } as const;
    expect(await readFloats(lab, { ...wish, view: "noisy" })).toEqual(bench);
    const shown = await readFloats(lab, { kind: "denoise", task, item: 0, view: "output" });
    expect(toWhole(await readFloats(lab, { ...wish, view: "denoised" }))).toEqual(toWhole(shown));
  });

  it.each(["colour-01.png", NAME])("means the same of %s for a network that takes colour", async (name) => {
    const { lab, folder } = await prepareColours();
    const model = (await trainModel(lab, "mixed", "", { imageChannels: 3 })).id;
    const photo = { dataset: "mixed", photo: name };
    const drawn = { kind: "noise", ...photo, channels: 3, noise: NOISE, seed: NOISE_SEED, view: "noisy" } as const;
    const bench = await readFloats(lab, drawn);
    expect(bench.channels).toBe(3);

    const request = { models: [model], inputs: [photo], addNoise: NOISE, noiseSeed: NOISE_SEED };
    const task = await finish(lab, lab.startDenoise(denoiseRequestSchema.parse(request)));
    expect(await readFloats(lab, { kind: "denoise", task, item: 0, view: "input" })).toEqual(bench);
    const shown = await readFloats(lab, { kind: "denoise", task, item: 0, view: "output" });

    const how = {
      memoryBudgetMb: 64,
      addNoise: NOISE,
      noiseSeed: NOISE_SEED,
      sigma255: null,
      selfEnsemble: false,
      device: null,
    };
    const saving = { strength: 1, format: null, bitDepth: 16, outputFolder: await makeFolder() } as const;
    const [byCommand] = await lab.denoise({ model, inputs: [join(folder, name)], ...how, ...saving }, () => undefined);
    expect(toWhole((await decodePhoto(byCommand?.output ?? "")).photo)).toEqual(toWhole(shown));

    const evaluated = await evaluateMixed(lab, model, name);
    expect(await readFloats(lab, { ...evaluated, view: "noisy" })).toEqual(bench);
    expect(toWhole(await readFloats(lab, { ...evaluated, view: "denoised" }))).toEqual(toWhole(shown));
  });

  it("keeps a colour photo in colour for a network that takes grey, which an evaluation measures on the grey photo", async () => {
    const { lab } = await prepareColours();
    const model = (await trainModel(lab, "mixed")).id;
    const photo = { dataset: "mixed", photo: "colour-01.png" };
    const wish = { kind: "noise", ...photo, noise: NOISE, seed: NOISE_SEED, view: "noisy" } as const;

    const request = { models: [model], inputs: [photo], addNoise: NOISE, noiseSeed: NOISE_SEED };
    const task = await finish(lab, lab.startDenoise(denoiseRequestSchema.parse(request)));
    const input = await readFloats(lab, { kind: "denoise", task, item: 0, view: "input" });
    expect(input).toEqual(await readFloats(lab, { ...wish, channels: 3 }));

    const evaluated = await evaluateMixed(lab, model, "colour-01.png");
    expect(await readFloats(lab, { ...evaluated, view: "noisy" })).toEqual(await readFloats(lab, wish));
  });

  it("gives one photo to networks for grey and for colour, each in its own channels", async () => {
    const { lab } = await prepareColours();
    const models = [
      (await trainModel(lab, "mixed", "grey")).id,
      (await trainModel(lab, "mixed", "colour", { imageChannels: 3 })).id,
    ];
    const inputs = [{ dataset: "mixed", photo: NAME }];
    const request = { models, inputs, addNoise: NOISE, noiseSeed: NOISE_SEED };
    const task = await finish(lab, lab.startDenoise(denoiseRequestSchema.parse(request)));
    for (const [item, channels] of [1, 3].entries()) {
      for (const view of ["clean", "input", "output"] as const) {
        expect((await readFloats(lab, { kind: "denoise", task, item, view })).channels).toBe(channels);
      }
    }
  });
});
