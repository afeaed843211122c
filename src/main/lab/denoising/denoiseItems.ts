import { basename } from "node:path";

import type { PixelFile } from "#main/files/pixelFile.ts";
import type { DatasetPhoto } from "#main/photos/scanDataset.ts";
import type { DenoiseItem, DenoiseRequest } from "#shared/api/denoising.ts";
import { LabError } from "#shared/labError.ts";

import { checkInside, findDatasetPhoto, type PhotosContext } from "#main/lab/datasets/datasetPhotos.ts";
import { findModel, type FoundModel, hashModel, type ModelContext } from "#main/lab/models/models.ts";

import { markOf } from "./denoisePhoto.ts";
import { expandInput, type InputFile, type PlannedFile, planDenoise, toInputFile } from "./denoisePlan.ts";

/** A trained network by which photos of a task are denoised. */
export interface TaskModel extends FoundModel {
  /** As the request named it. */
  readonly name: string;
  /** What results bear in their names. */
  readonly mark: string;
}

/** A photo of a task: a file, or one that is drawn. */
export interface TaskPhoto {
  readonly name: string;
  readonly source: DatasetPhoto["source"];
}

/** What a task keeps of a photo to look at. */
export interface KeptPixels {
  /** Without the noise that was added; null where none was. */
  readonly clean: PixelFile | null;
  readonly input: PixelFile;
  readonly output: PixelFile;
}

/** One photo by one model, as the task goes on. */
export interface TaskItem {
  readonly photo: TaskPhoto;
  readonly model: TaskModel;
  readonly plan: PlannedFile | null;
  facts: DenoiseItem;
  pixels: KeptPixels | null;
}

/** What the models and photos of a request are found with. */
export type PlanContext = PhotosContext & ModelContext & { readonly log: (line: string) => void };

/** A photo by a model before anything is done; `plan` names the file for the result, null keeps it to look at. */
export type PlannedItem = Pick<TaskItem, "photo" | "model" | "plan">;

/** Pairs every photo with every model, photo by photo, so that a photo's results are complete early. */
export async function planLooks(context: PlanContext, request: DenoiseRequest): Promise<readonly PlannedItem[]> {
  const models = await findModels(context, request);
  const photos = await listInputs(context, request.inputs);
  return photos.flatMap((photo) => models.map((model) => ({ photo, model, plan: null })));
}

/** Plans a file for every photo and model, model by model. Throws LabError for photos that are drawn and lie in no folder. */
export async function planFiles(
  context: PlanContext,
  { inputs, addNoise, noiseSeed, sigma255, ...request }: DenoiseRequest,
  { folder, ...how }: Omit<Extract<DenoiseRequest["output"], { kind: "folder" }>, "kind">,
): Promise<readonly PlannedItem[]> {
  const found = await findModels(context, request);
  const files = (await Promise.all(inputs.map((input) => listFiles(context, input)))).flat();
  return found.flatMap((model) =>
    planDenoise(files, folder, { ...how, addNoise, noiseSeed, sigma255 }, model.mark).map((plan) => ({
      photo: toPhoto(plan.name, plan.source),
      model,
      plan,
    })),
  );
}

/** Numbers the items of a task. */
export function makeItems(planned: readonly PlannedItem[]): readonly TaskItem[] {
  return planned.map(({ photo, model, plan }, index) => ({
    photo,
    model,
    plan,
    facts: {
      index,
      name: basename(photo.name),
      source: photo.source.kind === "file" ? photo.source.cleanFile : photo.name,
      model: model.name,
      state: "waiting",
      error: null,
      engine: null,
      remarks: [],
      width: null,
      height: null,
      channels: null,
      bitDepth: null,
      seconds: null,
      output: null,
      hasClean: false,
      estimatedSigma255: null,
    },
    pixels: null,
  }));
}

/** Finds the models that a request names. Throws LabError. */
async function findModels(
  context: PlanContext,
  { models, selfEnsemble }: Pick<DenoiseRequest, "models" | "selfEnsemble">,
): Promise<readonly TaskModel[]> {
  return Promise.all(
    models.map(async (name) => {
      const found = await findModel(context, name);
      return { ...found, name, mark: markOf(await hashModel(found), { selfEnsemble }) };
    }),
  );
}

/**
 * Lists the photos that a request names, those in folders included. A folder without photos is told and leaves the others
 * alone. Throws LabError where one cannot be found, or nothing is left.
 */
async function listInputs(context: PlanContext, inputs: DenoiseRequest["inputs"]): Promise<readonly TaskPhoto[]> {
  const photos: TaskPhoto[] = [];
  let empty: LabError | null = null;
  for (const input of inputs) {
    try {
      if (typeof input === "string")
        photos.push(...(await expandInput(input)).map(({ name, file }) => toPhoto(name, file)));
      else photos.push(await findPhoto(context, input));
    } catch (error) {
      if (!(error instanceof LabError) || error.kind !== "bad_data") throw error;
      empty ??= error;
      context.log(error.message);
    }
  }
  if (photos.length === 0 && empty !== null) throw empty;
  return photos;
}

/** Finds a photo of a data set; one that a link leads out of it to is none. */
async function findPhoto(
  context: PlanContext,
  { dataset, photo }: Exclude<DenoiseRequest["inputs"][number], string>,
): Promise<TaskPhoto> {
  const found = await findDatasetPhoto(context, dataset, photo);
  if (found.source.kind === "file") await checkInside(context, dataset, found.source.cleanFile);
  return found;
}

async function listFiles(context: PlanContext, input: DenoiseRequest["inputs"][number]): Promise<readonly InputFile[]> {
  if (typeof input === "string") return expandInput(input);
  const { name, source } = await findPhoto(context, input);
  if (source.kind === "file") return [toInputFile(name, source.cleanFile)];
  throw new LabError("bad_config", "denoise: photos of the built-in set are not files; look at them instead");
}

function toPhoto(name: string, file: string): TaskPhoto {
  return { name, source: { kind: "file", cleanFile: file, noisyFile: null } };
}
