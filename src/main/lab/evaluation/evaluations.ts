import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";

import { ulid } from "ulid";

import { toDiskError } from "#main/files/diskError.ts";
import { writeFileAtomically } from "#main/files/writeFileAtomically.ts";
import type { PhotoReader } from "#main/photos/loadPhotos.ts";
import { checkProtocol } from "#main/photos/threads/noisyVersions.ts";
import type { Later } from "#main/photos/threads/later.ts";
import type { DatasetPhoto } from "#main/photos/scanDataset.ts";
import type { Store } from "#main/store/openStore.ts";
import { getRunPaths, writeJson } from "#main/store/runs/runFolder.ts";
import { getEvaluationStem, toEvaluationRow } from "#main/store/runs/runProducts.ts";
import { at } from "#shared/at.ts";
import type { Photo } from "#shared/image/photo.ts";
import { ONNX_DEVICE_NAMES, type OnnxDevice } from "#shared/api/denoising.ts";
import type { OnPhoto } from "#shared/api/lab.ts";
import type { Task } from "#shared/api/tasks.ts";
import { LabError } from "#shared/labError.ts";
import type { EvaluationConfig } from "#shared/runs/config.ts";
import type { Evaluation } from "#shared/runs/evaluation.ts";

import type { Changes } from "#main/lab/changes.ts";
import { type FindContext, findDataset } from "#main/lab/datasets/datasets.ts";
import { describeTrained, findModel, type FoundModel, type ModelContext } from "#main/lab/models/models.ts";
import { type DenoiseEngineContext, openNetwork, type OpenNetwork } from "#main/lab/denoising/denoiseEngine.ts";
import { engineInWords } from "#main/lab/runs/environment.ts";
import { pickPhotos } from "#main/lab/runs/newRun.ts";
import { findRunPart } from "#main/lab/runs/runParts.ts";
import type { ComputeLease } from "#main/lab/tasks/computeQueue.ts";
import { type TaskComputeContext, useTaskCompute } from "#main/lab/tasks/taskCompute.ts";
import type { TaskBoard } from "#main/lab/tasks/tasks.ts";

import { type BaselineContext, createBaselineMeter } from "./baselines.ts";
import { toCsv } from "./evaluationCsv.ts";
import { type EvaluationOwner, ownerOf, type OwnersContext } from "./evaluationOwner.ts";
import { createPictureFolder, writeEvaluationPicture } from "./evaluationPictures.ts";
import { type MeasuredPhoto, measurePhoto } from "./measurePhoto.ts";
import { describeRecipe } from "./recipe.ts";
import { meansBySeed, meanVersions, spreadOfVersions } from "./spread.ts";

/** What models are measured with. */
export interface EvaluateContext
  extends
    Omit<FindContext, "getStore">,
    Omit<ModelContext, "getStore">,
    Omit<DenoiseEngineContext, "getStore">,
    OwnersContext,
    TaskComputeContext,
    BaselineContext {
  readonly changes: Pick<Changes, "tell">;
  readonly photos: PhotoReader;
  readonly tasks: Pick<TaskBoard, "start">;
  getStore(): Pick<Store, "datasets" | "evaluations" | "preferences" | "runs">;
}

/** What hears of an evaluation's progress, and may end it. */
interface EvaluationWatch {
  readonly signal: AbortSignal | null;
  onImage(done: number, total: number, next: string | null): void;
  /** Prepares for the pictures of an evaluation. */
  begin(id: string, config: EvaluationConfig): Promise<void>;
  /** Gets every denoised picture, of the first noise seed; null where nobody wants them. */
  readonly keep: ((id: string, picture: Later<Photo>, index: number) => Promise<void>) | null;
}

/** One test: a recipe and its photos. */
interface Cell {
  readonly config: EvaluationConfig;
  readonly dataset: string;
  readonly photos: readonly DatasetPhoto[];
  /** Of the photos where they are the network's own test part; null for a data set. */
  readonly partSha256: string | null;
}

/**
 * Measures a model on a data set's photos, in grey or colour as it takes them, by the recipe that the configuration describes.
 * The figures are kept in the model's run folder and, where asked for, written to `outputFolder` as JSON and CSV. Throws LabError.
 */
export async function evaluate(
  context: EvaluateContext,
  model: string,
  config: EvaluationConfig,
  outputFolder: string | null,
  onPhoto?: OnPhoto,
): Promise<Evaluation> {
  return at(await evaluateAll(context, model, [config], outputFolder, onPhoto), 0, "evaluation");
}

/** Measures a model by several configurations, one after the other, as `evaluate` does by one; they are kept as one group. Throws LabError. */
export async function evaluateAll(
  context: EvaluateContext,
  model: string,
  configs: readonly EvaluationConfig[],
  outputFolder: string | null,
  onPhoto: OnPhoto = () => undefined,
): Promise<readonly Evaluation[]> {
  const found = await findModel(context, model);
  const nothing = { signal: null, begin: async () => undefined, keep: null };
  const measured = await measureCells(context, found, configs, { ...nothing, onImage: onPhoto });
  const evaluations = measured.map(({ evaluation }) => evaluation);
  if (outputFolder !== null) await write(evaluations, outputFolder);
  return evaluations;
}

/** Measures the model of a training run or one with a card in the background and keeps the denoised pictures. Throws LabError where there is no model. */
export async function startEvaluation(
  context: EvaluateContext,
  { model, configs }: { readonly model: string; readonly configs: readonly EvaluationConfig[] },
): Promise<Task> {
  const found = await findModel(context, model);
  const owner = ownerOf(context, found);
  if (owner === null) throw new LabError("bad_config", `import ${model} first, or name its run`);
  const paths = getRunPaths(owner.folder);
  return context.tasks.start({
    kind: "evaluation",
    title: `${(await describeTrained(found)).name} on ${[...new Set(configs.map(nameTestSet))].join(", ")}`,
    work: async ({ signal, report }) => {
      const measured = await measureCells(context, found, configs, {
        signal,
        onImage: (done, total, next) => {
          const current = next === null ? null : { name: next, tilesDone: 0, tilesTotal: 1 };
          report({ share: done / total, done, total, unit: "photos", current });
        },
        begin: (id, config) => createPictureFolder(paths, id, config),
        keep: (id, picture, index) => writeEvaluationPicture(paths, id, index, picture),
      });
      return { kind: "evaluation", evaluation: at(measured, 0, "evaluation").id };
    },
  });
}

/** Measures one configuration after the other and keeps each at once, so that what is done outlives what fails later. */
async function measureCells(
  context: EvaluateContext,
  found: FoundModel,
  configs: readonly EvaluationConfig[],
  watch: EvaluationWatch,
): Promise<readonly { readonly id: string; readonly evaluation: Evaluation }[]> {
  const owner = ownerOf(context, found);
  const cells: Cell[] = [];
  for (const config of configs) cells.push(await planCell(context, found, config));
  const total = cells.reduce((sum, { photos }) => sum + photos.length, 0);
  const group = cells.length > 1 ? { group: ulid() } : {};
  const measured: { readonly id: string; readonly evaluation: Evaluation }[] = [];
  let before = 0;
  for (const cell of cells) {
    const id = ulid();
    await watch.begin(id, cell.config);
    const onImage = (done: number, _: number, next: string | null): void => watch.onImage(before + done, total, next);
    const evaluation = { ...(await measureCell(context, found, cell, id, { ...watch, onImage })), ...group };
    if (owner !== null) await keep(context, owner, id, evaluation);
    measured.push({ id, evaluation });
    before += cell.photos.length;
  }
  return measured;
}

function nameTestSet({ data: { part, dataset } }: EvaluationConfig): string {
  return part === "test" ? "its test part" : dataset;
}

async function planCell(context: EvaluateContext, model: FoundModel, config: EvaluationConfig): Promise<Cell> {
  checkProtocol(config);
  if (config.data.part === "test") return planTestPart(context, model, config);
  const found = await findDataset(context, config.data.dataset);
  return { config, dataset: found.dataset.name, photos: pickPhotos(config, found), partSha256: null };
}

/** The settings then name the data set that the training was on, so that its photos are found again. */
async function planTestPart(
  context: EvaluateContext,
  { run, kept }: FoundModel,
  config: EvaluationConfig,
): Promise<Cell> {
  if (run === null) {
    const got = kept === null ? "a file" : `the model ${kept.card.name}`;
    const what = `evaluation.data.part test needs a training of this lab, which kept photos for its test; got ${got}`;
    throw new LabError("bad_config", what);
  }
  const { found, photos, sha256 } = await findRunPart(context, run, ["test"]);
  const { name } = found.dataset;
  const settled = { ...config, data: { ...config.data, dataset: name } };
  const picked = pickPhotos(settled, { ...found, scan: { ...found.scan, photos } });
  return { config: settled, dataset: name, photos: picked, partSha256: sha256 };
}

async function measureCell(
  context: EvaluateContext,
  found: FoundModel,
  { config, dataset, photos, partSha256 }: Cell,
  id: string,
  watch: EvaluationWatch,
): Promise<Evaluation> {
  const baselines = await createBaselineMeter(context, config, watch.signal);
  return useTaskCompute(context, watch.signal, {}, async (lease) => {
    // A process that has worked before would report that as its peak of memory.
    await lease.restart();
    const { compute, engine, loaded: network } = await openFor(context, lease, found);
    const measured: MeasuredPhoto[] = [];
    const { work, photos: reader } = context;
    const tools = { compute, baselines, work, photos: reader, channels: network.network.imageChannels };
    for (const [index, photo] of photos.entries()) {
      watch.signal?.throwIfAborted();
      watch.onImage(index, photos.length, photo.name);
      const { keep: keepPicture } = watch;
      const keep = keepPicture === null ? null : (picture: Later<Photo>) => keepPicture(id, picture, index);
      measured.push(await measurePhoto({ ...tools, keep }, photo, config));
    }
    watch.onImage(measured.length, photos.length, null);
    return {
      schema: "hinas.evaluation",
      version: 1,
      recipe: describeRecipe(config, network.network, partSha256),
      dataset,
      model: toModel(found, network.genotypeHash),
      ...sumUp(measured),
      ...(config.baselines ? { baselines: [...baselines.finish()] } : {}),
      parameters: network.parameters,
      multiplyAddsPerPixel: network.multiplyAddsPerPixel,
      peakResidentMb: await compute.peakResidentMb(),
      engine: engine === "tensorflow" ? engineInWords(await compute.describeEngine()) : onnxInWords(network.device),
    };
  });
}

/** A training is measured by what trained it; another model by the engine that denoises with it, so that nothing is installed. */
async function openFor(context: EvaluateContext, lease: ComputeLease, found: FoundModel): Promise<OpenNetwork> {
  if (found.run === null) return openNetwork(context, lease, found);
  const compute = await lease.getCompute();
  const { checkpointFile: file } = found;
  const loaded = await compute.loadNetwork(file, "tensorflow", "cpu");
  return { compute, engine: "tensorflow", loaded, file, speeds: null };
}

function onnxInWords(device: OnnxDevice | null): string {
  return `onnxruntime on ${ONNX_DEVICE_NAMES[device ?? "cpu"]}`;
}

function toModel({ run, kept, checkpointFile }: FoundModel, genotypeHash: string): Evaluation["model"] {
  if (kept !== null) return { runId: "", checkpoint: kept.card.name, genotypeHash };
  const checkpoint = run === null ? checkpointFile : checkpointFile.slice(run.folder.length + 1);
  return { runId: run?.id ?? "", checkpoint, genotypeHash };
}

function sumUp(
  measured: readonly MeasuredPhoto[],
): Pick<Evaluation, "images" | "mean" | "spread" | "megapixelsPerSecond"> {
  const images = measured.map(({ figures }) => figures);
  const pixels = images.reduce((sum, { width, height }) => sum + width * height, 0);
  const seconds = images.reduce((sum, image) => sum + image.seconds, 0);
  const seeds = meansBySeed(
    measured.map((photo) => photo.seeds),
    meanVersions,
  );
  return {
    images,
    mean: meanVersions(images),
    ...spreadOfVersions(seeds),
    megapixelsPerSecond: pixels / 1e6 / seconds,
  };
}

/** Keeps the figures with the run or model that they tell about, and indexes those of runs. */
async function keep(
  context: EvaluateContext,
  owner: EvaluationOwner,
  id: string,
  evaluation: Evaluation,
): Promise<void> {
  const stem = getEvaluationStem(getRunPaths(owner.folder), id);
  await mkdir(dirname(stem), { recursive: true }).catch((cause: unknown) => {
    throw toDiskError(`create ${dirname(stem)}`, cause);
  });
  await writeJson(`${stem}.json`, evaluation);
  if (owner.isRun) context.getStore().evaluations.put(toEvaluationRow(id, owner.id, evaluation));
  context.changes.tell({ kind: "stale", topic: "evaluations" });
}

async function write(evaluations: readonly Evaluation[], folder: string): Promise<void> {
  await mkdir(folder, { recursive: true }).catch((cause: unknown) => {
    throw toDiskError(`create ${folder}`, cause);
  });
  const name = evaluations.length === 1 ? "evaluation" : "evaluations";
  const content = evaluations.length === 1 ? at(evaluations, 0, "evaluation") : evaluations;
  await writeJson(join(folder, `${name}.json`), content);
  await writeFileAtomically(join(folder, `${name}.csv`), toCsv(evaluations));
}
