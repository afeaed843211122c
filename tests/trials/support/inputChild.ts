import { copyFile, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { createInterface } from "node:readline";

import sharp from "sharp";

import { createLab } from "#main/lab/lab.ts";
import { serveLab } from "#main/server/serveLab.ts";
import { openStore } from "#main/store/openStore.ts";
import type { Lab } from "#shared/api/lab.ts";
import { LabError } from "#shared/labError.ts";
import { trainConfigSchema } from "#shared/runs/config.ts";

import { TINY_GENOTYPE } from "#tests/helpers/tinyGenotype.ts";

import { giveByCommand, runHere, runOutside } from "./commandWay.ts";
import { listTree } from "./describeRun.ts";
import { writePhotos } from "./folders.ts";
import type { InputAnswer, InputQuestion } from "./inputProcess.ts";
import { openWindow } from "./windowWay.ts";

/**
 * A lab that is given bad inputs, one after the other, for as long as it lives. It says of each whether the lab took it,
 * refused it with a sentence of its own, or failed.
 */
const folder = process.argv[2] ?? "";
const isScripted = process.argv[3] === "scripted";
const home = join(folder, "home");
const log = (line: string): void => void process.stderr.write(`${line}\n`);
const entry = isScripted ? { computeEntry: resolve("tests/helpers/scriptedWorker.ts") } : {};
const lab: Lab = createLab({ home, log, ...entry });
const good = join(await writePhotos(join(folder, "good"), 1, 32), "photo-0.png");

/** A training of a few steps, whose checkpoint and export are what is damaged. */
async function prepare(): Promise<{ readonly model: string; readonly checkpoint: string }> {
  const [known] = await lab.listRuns();
  if (known !== undefined)
    return { model: known.id, checkpoint: join(known.folder, "checkpoints", "best.safetensors") };
  const training = { steps: 2, batchSize: 1, patchSize: 16, validateEverySteps: 1, checkpointEverySteps: 1 };
  const config = trainConfigSchema.parse({
    network: { filters: 2 },
    data: { dataset: "sample", maxPhotos: 3 },
    training,
  });
  const { id } = await lab.startTraining(config, TINY_GENOTYPE);
  const run = await lab.waitForRun(id);
  if (run.state !== "finished") throw new Error(`the training ${run.state}: ${run.reason}`);
  return { model: id, checkpoint: join(run.folder, "checkpoints", "best.safetensors") };
}

const { model, checkpoint } = await prepare();
const onnx = join(folder, "model.onnx");
if (!isScripted)
  await lab.exportModel({ model, file: onnx, format: "onnx", card: {} }).catch((error: unknown) => log(String(error)));

const renderer = join(folder, "renderer");
await mkdir(renderer, { recursive: true });
await writeFile(join(renderer, "index.html"), "<title>HiNAS Lab</title>");
const server = await serveLab({
  lab,
  rendererFolder: renderer,
  host: "127.0.0.1",
  port: 0,
  log,
  photoRoots: [folder],
});
const window = await openWindow(server);

/** Returns what the lab said of the input, or null where it took it. */
const TAKE: Readonly<Record<InputQuestion["kind"], (file: string) => Promise<string | null>>> = {
  photo: takePhoto,
  model: takeModel,
  genotype: async (file) => {
    await lab.importArchitecture({ text: await readFile(file, "utf8"), source: basename(file), name: null });
    return null;
  },
  settings: async (file) => {
    const wish = { preset: null, yaml: (await readFile(file, "utf8")).slice(0, 1_000_000), values: {}, from: null };
    const { problems } = await lab.resolveSettings({ kind: "train", ...wish });
    return problems.length === 0 ? null : problems.map(({ message }) => message).join("; ");
  },
  card: (file) => takeCard(file),
  database: takeDatabase,
};

/** The same by a window; what no window can be given goes the other way. */
const SHOW: Partial<typeof TAKE> = {
  photo: async (file) => {
    await copyFile(good, join(dirname(file), "zz-good.png"));
    const said = await window.takePhoto(file, join(dirname(file), "zz-good.png"), model);
    return said.length === 0 ? null : said.join("; ");
  },
  model: async (file) => {
    const { name } = await window.client.importModel({ file });
    await window.client.removeModel(name);
    return null;
  },
  genotype: async (file) => {
    const text = await readFile(file, "utf8");
    await window.client.importArchitecture({ text, source: basename(file), name: null });
    return null;
  },
  settings: async (file) => {
    const wish = { preset: null, yaml: (await readFile(file, "utf8")).slice(0, 1_000_000), values: {}, from: null };
    const { problems } = await window.client.resolveSettings({ kind: "train", ...wish });
    return problems.length === 0 ? null : problems.map(({ message }) => message).join("; ");
  },
  card: (file) => takeCard(file, () => window.client.rebuildStore()),
};

async function take({ kind, file, by }: InputQuestion): Promise<string | null> {
  const homes = join(folder, "homes", kind);
  if (by === "command" || by === "process") {
    if (kind === "photo") await copyFile(good, join(dirname(file), "zz-good.png"));
    return giveByCommand(by === "command" ? runHere : runOutside, homes, { kind, file });
  }
  return ((by === "window" ? SHOW[kind] : undefined) ?? TAKE[kind])(file);
}

/** Beside a good photo: the good one must be used, and the bad one named. */
async function takePhoto(file: string): Promise<string | null> {
  const place = dirname(file);
  await copyFile(good, join(place, "zz-good.png"));
  const name = `set-${basename(place)}`;
  const report = await lab.addDataset({ name, folder: place, noisyFolder: null });
  await lab.removeDataset(name);
  if (report.photos < 1) throw new Error("the good photo was not used");
  const output = join(place, "output");
  const settings = { strength: 1, memoryBudgetMb: 512, format: null, bitDepth: null, addNoise: null, noiseSeed: 0 };
  const wish = {
    model,
    inputs: [place],
    outputFolder: output,
    ...settings,
    sigma255: null,
    selfEnsemble: false,
    device: null,
  };
  const files = await lab.denoise(wish, () => undefined);
  if (!files.some(({ source, error }) => source.endsWith("zz-good.png") && error === null)) {
    throw new Error(`the good photo was not denoised: ${JSON.stringify(files.map(({ error }) => error))}`);
  }
  const said = [
    ...report.skipped.map(({ file: skipped, reason }) => `${skipped}: ${reason}`),
    ...files.flatMap(({ error }) => error ?? []),
  ];
  return said.length === 0 ? null : said.join("; ");
}

/** A model that the lab takes must make a picture of a picture. */
async function takeModel(file: string): Promise<string | null> {
  const output = join(dirname(file), "output");
  const settings = { strength: 1, memoryBudgetMb: 512, format: null, bitDepth: null, addNoise: null, noiseSeed: 0 };
  const wish = {
    model: file,
    inputs: [good],
    outputFolder: output,
    ...settings,
    sigma255: null,
    selfEnsemble: false,
    device: null,
  };
  const [result] = await lab.denoise(wish, () => undefined);
  if (result === undefined || result.error !== null) return result?.error ?? "nothing was done";
  const { channels } = await sharp(String(result.output)).stats();
  if (channels.every(({ min, max }) => min === max)) throw new Error("the model made one colour of a photo");
  return null;
}

/** A card that cannot be read must be told of, and the others kept. */
async function takeCard(file: string, rebuild: Lab["rebuildStore"] = () => lab.rebuildStore()): Promise<string | null> {
  const place = join(home, "datasets", basename(file));
  await mkdir(dirname(place), { recursive: true });
  await copyFile(file, place);
  const { problems } = await rebuild();
  await rm(place);
  return problems.length === 0 ? null : problems.join("; ");
}

/** A database must open, or be refused as damaged with its path; nothing else. */
async function takeDatabase(file: string): Promise<string | null> {
  const place = join(dirname(file), "home");
  await mkdir(place);
  await writeFile(join(place, "lab.sqlite"), await readFile(file));
  const store = openStore(place);
  store.runs.list();
  store.close();
  return null;
}

async function answer(question: InputQuestion): Promise<InputAnswer> {
  const { file } = question;
  // What is given away by windows and commands lies in homes and among the system's temporary files, which are this trial's.
  const halves = async (): Promise<readonly string[]> =>
    (await listTree(dirname(file))).filter((path) => path.endsWith(".tmp"));
  try {
    const said = await take(question);
    return { outcome: said === null ? "taken" : "refused", said: said ?? "", halves: await halves() };
  } catch (error) {
    const isOwn = error instanceof LabError;
    const said = error instanceof Error ? (isOwn ? error.message : (error.stack ?? error.message)) : String(error);
    return { outcome: isOwn ? "refused" : "failed", said, halves: await halves() };
  }
}

const tell = (value: object): void => void process.stdout.write(`${JSON.stringify(value)}\n`);
tell({ checkpoint, onnx: isScripted ? null : onnx, database: join(home, "lab.sqlite"), good });
for await (const line of createInterface({ input: process.stdin }))
  tell(await answer(JSON.parse(line) as InputQuestion));
window.close();
await server.close();
await lab.close();
