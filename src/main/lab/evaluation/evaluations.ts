import { mkdir } from "node:fs/promises";
import { join } from "node:path";

import { ulid } from "ulid";

import type { ComputeFunctions } from "#main/compute/protocol.ts";
import { toDiskError } from "#main/files/diskError.ts";
import { writeFileAtomically } from "#main/files/writeFileAtomically.ts";
import { loadPhotos, type PhotoReader } from "#main/photos/loadPhotos.ts";
import type { Store } from "#main/store/openStore.ts";
import { getRunPaths, writeJson } from "#main/store/runs/runFolder.ts";
import { getEvaluationStem, toEvaluationRow } from "#main/store/runs/runProducts.ts";
import { describeNoise, isSynthetic, makeNoisy } from "#shared/image/noise.ts";
import { blend } from "#shared/image/blend.ts";
import { gaussianBlur } from "#shared/image/gaussianBlur.ts";
import type { NamedPhoto, Photo } from "#shared/image/photo.ts";
import { computePsnr } from "#shared/image/psnr.ts";
import { computeScores, type Scores } from "#shared/image/scores.ts";
import type { OnPhoto } from "#shared/api/lab.ts";
import type { Task } from "#shared/api/tasks.ts";
import type { EvaluationConfig } from "#shared/runs/config.ts";
import type { Evaluation } from "#shared/runs/evaluation.ts";
import type { NetworkSettings } from "#shared/space/spaces/networkPlan.ts";

import type { Changes } from "#main/lab/changes.ts";
import { type FindContext, findDataset } from "#main/lab/datasets/datasets.ts";
import { denoisePhoto } from "#main/lab/denoising/denoisePhoto.ts";
import { findModel, type FoundModel, type ModelContext } from "#main/lab/models/models.ts";
import { engineInWords } from "#main/lab/runs/environment.ts";
import { pickPhotos } from "#main/lab/runs/newRun.ts";
import { type TaskComputeContext, useTaskCompute } from "#main/lab/tasks/taskCompute.ts";
import type { TaskBoard } from "#main/lab/tasks/tasks.ts";

import { toCsv } from "./evaluationCsv.ts";
import { createPictureFolder, writeEvaluationPicture } from "./evaluationPictures.ts";

/** What models are measured with. */
export interface EvaluateContext
  extends Omit<FindContext, "getStore">, Omit<ModelContext, "getStore">, TaskComputeContext {
  readonly changes: Pick<Changes, "tell">;
  readonly photos: PhotoReader;
  readonly tasks: Pick<TaskBoard, "start">;
  getStore(): Pick<Store, "datasets" | "evaluations" | "runs">;
}

/** From hardly visible to very soft: the best blur for Gaussian noise of any usual sigma lies in between. */
const BLUR_SIGMAS_PX = [0.4, 0.6, 0.8, 1, 1.25, 1.5, 2, 2.5, 3];

type ImageFigures = Evaluation["images"][number];

/** What hears of an evaluation's progress, and may end it. */
interface EvaluationWatch {
  readonly signal: AbortSignal | null;
  onImage(done: number, total: number, next: string | null): void;
  /** Gets every denoised picture. */
  keep(picture: Photo, index: number): Promise<void>;
}

/**
 * Measures a model on a data set's photos, in grey or colour as it takes them, by the recipe that the configuration describes: one draw of noise per
 * photo, made from the seed and the photo's name, whole photos, clipped output. The figures are kept in the model's run
 * folder and, where asked for, written to `outputFolder` as JSON and CSV. Throws LabError.
 */
export async function evaluate(
  context: EvaluateContext,
  model: string,
  config: EvaluationConfig,
  outputFolder: string | null,
  onPhoto: OnPhoto = () => undefined,
): Promise<Evaluation> {
  const found = await findModel(context, model);
  const evaluation = await measureAll(context, found, config, {
    signal: null,
    onImage: onPhoto,
    keep: async () => undefined,
  });
  if (found.run !== null) await keep(context, found.run, ulid(), evaluation);
  if (outputFolder !== null) await write(evaluation, outputFolder);
  return evaluation;
}

/** Measures the model of a training run in the background and keeps the denoised pictures. Throws LabError where there is no model. */
export async function startEvaluation(
  context: EvaluateContext,
  { model, config }: { readonly model: string; readonly config: EvaluationConfig },
): Promise<Task> {
  const run = await context.showRun(model);
  const found = await findModel(context, run.id);
  const id = ulid();
  const paths = getRunPaths(run.folder);
  return context.tasks.start({
    kind: "evaluation",
    title: `${run.name} on ${config.data.dataset}`,
    work: async ({ signal, report }) => {
      await createPictureFolder(paths, id, config);
      const evaluation = await measureAll(context, found, config, {
        signal,
        onImage: (done, total, next) => {
          const current = next === null ? null : { name: next, tilesDone: 0, tilesTotal: 1 };
          report({ share: done / total, done, total, unit: "photos", current });
        },
        keep: (picture, index) => writeEvaluationPicture(paths, id, index, picture),
      });
      await keep(context, run, id, evaluation);
      return { kind: "evaluation", evaluation: id };
    },
  });
}

async function measureAll(
  context: EvaluateContext,
  found: FoundModel,
  config: EvaluationConfig,
  watch: EvaluationWatch,
): Promise<Evaluation> {
  const dataset = await findDataset(context, config.data.dataset);
  const photos = pickPhotos(config, dataset);
  return useTaskCompute(context, watch.signal, {}, async (lease) => {
    // A process that has worked before would report that as its peak of memory.
    await lease.restart();
    const compute = await lease.getCompute();
    const network = await compute.loadNetwork(found.checkpointFile, "tensorflow");
    const { imageChannels, noiseMap } = network.network;
    const images: ImageFigures[] = [];
    for await (const photo of loadPhotos(photos, imageChannels, context.photos)) {
      watch.signal?.throwIfAborted();
      watch.onImage(images.length, photos.length, photo.name);
      const { figures, denoised } = await measure(compute, photo, config);
      await watch.keep(denoised, images.length);
      images.push(figures);
    }
    watch.onImage(images.length, photos.length, null);
    return {
      ...describe(config, dataset.dataset.name, { imageChannels, noiseMap }),
      model: toModel(found, network.genotypeHash),
      images,
      ...sumUp(images),
      parameters: network.parameters,
      multiplyAddsPerPixel: network.multiplyAddsPerPixel,
      peakResidentMb: await compute.peakResidentMb(),
      engine: engineInWords(await compute.describeEngine()),
    };
  });
}

async function measure(
  compute: ComputeFunctions,
  photo: NamedPhoto,
  config: EvaluationConfig,
): Promise<{ readonly figures: ImageFigures; readonly denoised: Photo }> {
  const { clean, name } = photo;
  const { noisy, noise } = makeNoisy(photo, config.noise, config.noiseSeed);
  const { output, seconds } = await denoisePhoto(compute, noisy, { memoryBudgetMb: config.memoryBudgetMb, noise });
  const denoised = blend(noisy, output, 1);
  const figures = {
    name,
    width: clean.width,
    height: clean.height,
    noisy: computeScores(noisy, clean),
    blurred: computeScores(blurBest(noisy, clean), clean),
    denoised: computeScores(denoised, clean),
    seconds,
  };
  return { figures, denoised };
}

/** Blurs a noisy photo by that Gaussian which comes nearest to the clean one: the best that plain blurring could do. */
function blurBest(noisy: Photo, clean: Photo): Photo {
  let best = noisy;
  for (const sigmaPx of BLUR_SIGMAS_PX) {
    const blurred = gaussianBlur(noisy, sigmaPx);
    if (computePsnr(blurred, clean) > computePsnr(best, clean)) best = blurred;
  }
  return best;
}

/** Names the recipe; the noise of camera pairs can only be told to a network as an estimate, which its name then says. */
function describe(
  { noise, noiseSeed }: EvaluationConfig,
  dataset: string,
  { imageChannels, noiseMap }: Pick<NetworkSettings, "imageChannels" | "noiseMap">,
) {
  const noiseName = describeNoise(noise);
  const channels = imageChannels === 1 ? "grey" : "colour";
  const told = noiseMap ? ({ noiseMap: isSynthetic(noise) ? "known" : "estimated" } as const) : {};
  const estimate = told.noiseMap === "estimated" ? "/noise-map-estimated" : "";
  const name = `whole-image/one-draw/clip/${channels}/${noiseName}/seed-${noiseSeed}${estimate}`;
  const recipe = { name, noise: noiseName, noiseSeed, clipped: true, channels, ...told } as const;
  return { schema: "hinas.evaluation", version: 1, recipe, dataset } as const;
}

function toModel({ run, checkpointFile }: FoundModel, genotypeHash: string): Evaluation["model"] {
  const checkpoint = run === null ? checkpointFile : checkpointFile.slice(run.folder.length + 1);
  return { runId: run?.id ?? "", checkpoint, genotypeHash };
}

function sumUp(images: readonly ImageFigures[]): Pick<Evaluation, "mean" | "megapixelsPerSecond"> {
  const meanOf = (version: "noisy" | "blurred" | "denoised"): Scores => {
    const mean = (score: keyof Scores) => images.reduce((sum, image) => sum + image[version][score], 0) / images.length;
    return {
      psnrDb: mean("psnrDb"),
      ssim: mean("ssim"),
      psnr8BitDb: mean("psnr8BitDb"),
      ssim8Bit: mean("ssim8Bit"),
    };
  };
  const pixels = images.reduce((sum, { width, height }) => sum + width * height, 0);
  const seconds = images.reduce((sum, image) => sum + image.seconds, 0);
  return {
    mean: { noisy: meanOf("noisy"), blurred: meanOf("blurred"), denoised: meanOf("denoised") },
    megapixelsPerSecond: pixels / 1e6 / seconds,
  };
}

/** Keeps the figures with the run that they tell about, and indexes them. */
async function keep(
  context: EvaluateContext,
  run: { readonly id: string; readonly folder: string },
  id: string,
  evaluation: Evaluation,
): Promise<void> {
  await writeJson(`${getEvaluationStem(getRunPaths(run.folder), id)}.json`, evaluation);
  context.getStore().evaluations.put(toEvaluationRow(id, run.id, evaluation));
  context.changes.tell({ kind: "stale", topic: "evaluations" });
}

async function write(evaluation: Evaluation, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true }).catch((cause: unknown) => {
    throw toDiskError(`create ${folder}`, cause);
  });
  await writeJson(join(folder, "evaluation.json"), evaluation);
  await writeFileAtomically(join(folder, "evaluation.csv"), toCsv(evaluation));
}
