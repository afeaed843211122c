import { basename } from "node:path";

import type { PixelFile } from "#main/files/pixelFile.ts";
import type { DenoiseItem, DenoiseRequest } from "#shared/api/denoising.ts";
import type { Rectangle } from "#shared/image/geometry.ts";
import type { SettledNoise } from "#shared/image/noise.ts";
import { LabError } from "#shared/labError.ts";

import { checkInside, findDatasetPhoto, type PhotosContext } from "#main/lab/datasets/datasetPhotos.ts";
import { listKept, type ModelContext } from "#main/lab/models/models.ts";

import { expandInput, type InputFile, type PlannedFile, planDenoise, startPlan, toInputFile } from "./denoisePlan.ts";
import type { SessionFolder } from "./sessionFolder.ts";
import { findTaskModel, NO_MODEL, type TaskModel } from "./taskModels.ts";
import type { TaskPhoto } from "./taskPhotos.ts";

/** A photo as networks get it, in files to look at. */
export interface KeptInput {
  /** Without the noise that was added; null where none was. */
  readonly clean: PixelFile | null;
  readonly input: PixelFile;
  /** What is known of the noise. */
  readonly noise: SettledNoise | undefined;
  readonly estimatedSigma255: number;
  /** For networks of so many channels; added noise depends on that. */
  readonly imageChannels: 1 | 3;
  /** Of the photo as it came. */
  readonly channels: 1 | 3;
  readonly bitDepth: 8 | 16;
  /** Its colour profile; null where it has none. */
  readonly icc: Uint8Array | null;
  /** Warns where the photo was denoised before; null where not. */
  readonly before: string | null;
}

/** What is known of an item before anything of it is denoised. */
export interface StartedItem {
  readonly model: TaskModel;
  readonly kept: KeptInput;
}

/** What a task keeps of a photo to look at. */
export interface KeptPixels extends KeptInput {
  readonly output: PixelFile;
}

/** A part of a photo that was denoised anew, before the rest. */
export interface KeptPreview {
  /** Where in the file of the input it lies. */
  readonly area: Rectangle;
  /** All of the photo, or the part shrunk. */
  readonly input: PixelFile;
  /** Of the photo as it came. */
  readonly channels: 1 | 3;
  readonly icc: Uint8Array | null;
  /** The part alone. */
  readonly output: PixelFile;
  /** How much of it is laid over the input at full strength. */
  readonly share: number;
  readonly revision: number;
}

/** One photo by one model, as the task goes on. */
export interface TaskItem {
  readonly photo: TaskPhoto;
  /** Null until the lab has chosen one for the photo. */
  model: TaskModel | null;
  /** Names the file for the result by its model's mark; null keeps it to look at. */
  readonly plan: ((mark: string) => PlannedFile | null) | null;
  readonly request: DenoiseRequest;
  /** Where it keeps its pixels; null where its result goes into a file. */
  readonly session: SessionFolder | null;
  facts: DenoiseItem;
  /** Its photo as the network gets it, kept before anything is denoised; null until then. */
  input: KeptInput | null;
  /** Finds model and input once, for the task and for who looks at the photo meanwhile; null before and after a failure. */
  starting: Promise<StartedItem> | null;
  /** Parts that a person waits for; they go before the whole. */
  readonly looks: Set<Promise<unknown>>;
  /** Results by another network or for other noise that a person waits for; they take the place of the task's own. */
  readonly wished: Set<Promise<unknown>>;
  pixels: KeptPixels | null;
  preview: KeptPreview | null;
  /** The newest wish to have it denoised anew: what older ones still bring is dropped. */
  wish: object | null;
}

/** Lists the files that hold what is kept of an item. */
export function listKeptFiles({ input, pixels, preview }: TaskItem): readonly string[] {
  const kept = [
    input?.clean,
    input?.input,
    pixels?.clean,
    pixels?.input,
    pixels?.output,
    preview?.input,
    preview?.output,
  ];
  return kept.flatMap((each) => (each == null ? [] : [each.file]));
}

/** Resolves when nobody waits for a part of these photos: what is on show is done before a block that nobody sees. */
export async function whenNobodyWaits(items: readonly Pick<TaskItem, "looks">[]): Promise<void> {
  for (;;) {
    const looks = items.flatMap((item) => [...item.looks]);
    if (looks.length === 0) return;
    await Promise.allSettled(looks);
  }
}

/** What the models and photos of a request are found with. */
export type PlanContext = PhotosContext & ModelContext & { readonly log: (line: string) => void };

/** A photo by a model before anything is done. */
export type PlannedItem = Pick<TaskItem, "photo" | "model" | "plan">;

/** Pairs every photo with every model, photo by photo, so that a photo's results are complete early. */
export async function planLooks(context: PlanContext, request: DenoiseRequest): Promise<readonly PlannedItem[]> {
  const models = await findModels(context, request);
  const photos = await listInputs(context, request.inputs);
  const takers = models.length === 0 ? [null] : models;
  return photos.flatMap((photo) => takers.map((model) => ({ photo, model, plan: null })));
}

/** Plans a file for every photo and model, model by model. Throws LabError for photos that are drawn and lie in no folder. */
export async function planFiles(
  context: PlanContext,
  { inputs, addNoise, noiseSeed, sigma255, ...request }: DenoiseRequest,
  { folder, ...how }: Omit<Extract<DenoiseRequest["output"], { kind: "folder" }>, "kind">,
): Promise<readonly PlannedItem[]> {
  const found = await findModels(context, request);
  const files = (await Promise.all(inputs.map((input) => listFiles(context, input)))).flat();
  const saving = { ...how, addNoise, noiseSeed, sigma255 };
  if (found.length === 0) {
    const plan = startPlan(folder, saving);
    const single = [...new Map(files.map((input) => [input.file, input])).values()];
    return single.map((input) => ({
      photo: toPhoto(input.name, input.file),
      model: null,
      plan: (mark) => plan(input, mark),
    }));
  }
  return found.flatMap((model) =>
    planDenoise(files, folder, saving, model.mark).map((planned) => ({
      photo: toPhoto(planned.name, planned.source),
      model,
      plan: () => planned,
    })),
  );
}

/** Numbers the items of a task. */
export function makeItems(
  planned: readonly PlannedItem[],
  request: DenoiseRequest,
  session: SessionFolder | null,
): readonly TaskItem[] {
  return planned.map((each, index) => ({
    ...each,
    request,
    session,
    facts: {
      index,
      name: basename(each.photo.name),
      source: each.photo.source.kind === "file" ? each.photo.source.cleanFile : each.photo.name,
      model: each.model?.name ?? null,
      why: null,
      isFile: each.plan !== null,
      state: "waiting",
      error: null,
      engine: null,
      device: null,
      speeds: null,
      remarks: [],
      width: null,
      height: null,
      channels: null,
      bitDepth: null,
      seconds: null,
      output: null,
      hasClean: false,
      psnrDb: null,
      estimatedSigma255: null,
      sigma255: request.sigma255,
      revision: 0,
    },
    input: null,
    starting: null,
    looks: new Set(),
    wished: new Set(),
    pixels: null,
    preview: null,
    wish: null,
  }));
}

/** Finds the models that a request names; with none the lab will choose, and must have what to choose among. Throws LabError. */
async function findModels(
  context: PlanContext,
  { models, selfEnsemble }: Pick<DenoiseRequest, "models" | "selfEnsemble">,
): Promise<readonly TaskModel[]> {
  if (models.length === 0 && (await listKept(context)).length === 0) throw new LabError("not_found", NO_MODEL);
  return Promise.all(models.map((name) => findTaskModel(context, name, { selfEnsemble })));
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
  throw new LabError("bad_config", "photos of the built-in set are not files; look at them instead");
}

function toPhoto(name: string, file: string): TaskPhoto {
  return { name, source: { kind: "file", cleanFile: file, noisyFile: null } };
}
