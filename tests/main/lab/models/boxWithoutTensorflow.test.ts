import { join } from "node:path";

import { afterAll, beforeAll, expect, it } from "vitest";

import { measureYardstick } from "#main/cli/demo/demoYardstick.ts";
import type { DenoiseInput } from "#shared/api/denoising.ts";
import type { Lab } from "#shared/api/lab.ts";
import { evaluationConfigSchema, trainConfigSchema } from "#shared/runs/config.ts";

import { makeFolder, openLabWithBox, writePhotos } from "#tests/helpers/labHome.ts";
import { readFloats } from "#tests/helpers/pictures.ts";
import { writeTinyModel } from "#tests/helpers/shippedModels.ts";

/** What this system has not. */
const ABSENT = process.platform === "win32" ? "coreml" : "dml";

const ends: (() => Promise<void>)[] = [];
let lab: Lab;
let photos: string;

beforeAll(async () => {
  const onEnd = (end: () => Promise<void>) => void ends.push(end);
  const folder = await makeFolder(onEnd);
  photos = await writePhotos(join(folder, "photos"), 2, 64);
  await writeTinyModel(join(folder, "box"), "grey");
  await writeTinyModel(join(folder, "box"), "colour", { imageChannels: 3 });
  await writeTinyModel(join(folder, "box"), "weak", { trainedSigma255: { from: 0, to: 10 }, unshuffle: 2 });
  ({ lab } = openLabWithBox(join(folder, "home"), join(folder, "box"), onEnd));
  await lab.addDataset({ name: "mine", folder: photos, noisyFolder: null });
  await lab.setPreferences({ denoisingEngine: "onnxruntime" });
});
afterAll(async () => {
  for (const end of ends.reverse()) await end();
});

const config = evaluationConfigSchema.parse({ data: { dataset: "mine" }, noise: { kind: "gaussian", sigma255: 25 } });

it("measures a model in the box by onnxruntime, and keeps figures and pictures where they are found again", async () => {
  const figures = await lab.evaluate("grey", config, null);
  expect(figures).toMatchObject({ engine: "onnxruntime on processor", model: { runId: "", checkpoint: "grey" } });
  const { id: task } = await lab.startEvaluation({ model: "grey", configs: [config] });
  const find = async () => (await lab.listTasks()).find((each) => each.id === task);
  await expect.poll(async () => (await find())?.state).toBe("finished");

  const [kept, first] = await lab.listEvaluations({ runId: null });
  const grey = (await lab.listModels()).find(({ name }) => name === "grey");
  expect(kept).toMatchObject({ runId: grey?.id, runName: "grey", dataset: "mine", hasPictures: true });
  expect(first).toMatchObject({ runId: grey?.id, hasPictures: false });
  expect(await lab.listEvaluations({ runId: grey?.id ?? "" })).toHaveLength(2);
  const id = kept?.id ?? "";
  const detail = await lab.showEvaluation(id);
  expect(detail.mean.denoised).toEqual(figures.mean.denoised);
  const picture = await readFloats(lab, {
    kind: "evaluation",
    evaluation: id,
    image: "photo-00.png",
    view: "denoised",
  });
  expect(picture).toMatchObject({ width: 64, height: 64, channels: 1 });
});

it("says of a file from elsewhere that it must be imported to be measured in the window", async () => {
  const file = join(photos, "../box/grey.safetensors");
  await expect(lab.startEvaluation({ model: file, configs: [config] })).rejects.toThrow(/import .* first/);
});

it("denoises on the processor where a device is not there, and says so with the result", async () => {
  const input: DenoiseInput = {
    model: "grey",
    inputs: [join(photos, "photo-00.png")],
    outputFolder: await makeFolder(),
    strength: 1,
    memoryBudgetMb: 512,
    format: null,
    bitDepth: null,
    addNoise: null,
    noiseSeed: 0,
    sigma255: 20,
    selfEnsemble: false,
    device: ABSENT,
  };
  const [named] = await lab.denoise(input, () => undefined);
  expect(named).toMatchObject({ engine: "onnxruntime", device: "cpu", error: null });
  expect(named?.remarks).toEqual([
    expect.stringMatching(/^onnxruntime has no .*; the processor denoises in its place$/),
  ]);

  await lab.setPreferences({ denoisingDevice: ABSENT });
  const [preferred] = await lab.denoise({ ...input, device: null, outputFolder: await makeFolder() }, () => undefined);
  expect(preferred?.remarks).toEqual(named?.remarks);
  await lab.setPreferences({ denoisingDevice: "cpu" });
});

it("gives the demo a yardstick: the largest network in the box for grey pictures and its noise", async () => {
  const train = (noise: object) => trainConfigSchema.parse({ data: { dataset: "mine" }, noise });
  const yardstick = await measureYardstick(lab, train({ kind: "gaussian", sigma255: 25 }), config);
  expect(yardstick?.model).toBe("grey");
  expect(yardstick?.mean).toEqual((await lab.evaluate("grey", config, null)).mean);
  expect(await measureYardstick(lab, train({ kind: "gaussian", sigma255: 70 }), config)).toBeNull();
});
