import { rm } from "node:fs/promises";

import type { PhotoReader } from "#main/photos/loadPhotos.ts";
import { keepRoom } from "#main/photos/photoRoom.ts";
import { inThread } from "#main/photos/threads/inThread.ts";
import type { Store } from "#main/store/openStore.ts";
import type { DenoiseItem, DenoiseRequest } from "#shared/api/denoising.ts";
import { at } from "#shared/at.ts";
import { LabError } from "#shared/labError.ts";
import type { Task, TaskOutcome } from "#shared/api/tasks.ts";
import type { Photo } from "#shared/image/photo.ts";

import { type TaskComputeContext, useTaskCompute } from "#main/lab/tasks/taskCompute.ts";
import type { TaskBoard, TaskWork } from "#main/lab/tasks/tasks.ts";
import type { WorkFolder } from "#main/lab/tasks/workFolder.ts";

import {
  type KeptPixels,
  makeItems,
  type PlanContext,
  planFiles,
  planLooks,
  type TaskItem,
  type TaskPhoto,
} from "./denoiseItems.ts";
import { type DenoiseEngineContext, openNetwork, type OpenNetwork } from "./denoiseEngine.ts";
import { countPasses, denoisePhoto, type NetworkInput, prepareInput } from "./denoisePhoto.ts";
import { type DenoiseFilesContext, denoiseOrTell, type FileSaving, isOfOnePhoto, remarksOn } from "./denoising.ts";

/** What denoise tasks have done so far, by task. */
export interface DenoisedContext {
  readonly denoised: Map<string, readonly TaskItem[]>;
}

/** What photos are denoised in the background with. */
export interface DenoiseContext
  extends
    DenoisedContext,
    DenoiseFilesContext,
    Omit<PlanContext, "getStore">,
    TaskComputeContext,
    Omit<DenoiseEngineContext, "getStore"> {
  getStore(): Pick<Store, "runs" | "datasets" | "preferences">;
  readonly log: (line: string) => void;
  readonly photos: PhotoReader;
  readonly tasks: Pick<TaskBoard, "start">;
  /** Keeps what there is to look at. */
  readonly work: Pick<WorkFolder, "newFile">;
}

/**
 * How one item is done by the network that is loaded; what it returns becomes part of what is known of the item.
 */
type DoItem = (open: OpenNetwork, item: TaskItem) => Promise<Partial<DenoiseItem>>;

/** Denoises photos in the background, to look at or into files. Throws LabError for models and photos that cannot be found. */
export async function startDenoise(context: DenoiseContext, request: DenoiseRequest): Promise<Task> {
  const { output } = request;
  const memoryBudgetMb = request.memoryBudgetMb ?? (await context.getPreferences()).memoryBudgetMb;
  const isToLookAt = output.kind === "look";
  const items = makeItems(await (isToLookAt ? planLooks(context, request) : planFiles(context, request, output)));
  const doItem = isToLookAt
    ? keepPixels(context, request, memoryBudgetMb)
    : writeFiles(context, { ...request, ...output, memoryBudgetMb });
  const task = context.tasks.start({
    kind: "denoise",
    title: items.length === 1 ? at(items, 0, "denoise: item").facts.name : `${items.length} results`,
    work: (work) => doAll(context, items, { doItem, selfEnsemble: request.selfEnsemble }, work),
    forget: async () => {
      context.denoised.delete(task.id);
      await Promise.all(items.map(removePixels));
    },
  });
  context.denoised.set(task.id, items);
  return task;
}

/** Returns the items of a task. Throws LabError `not_found`. */
export function getItems(context: DenoisedContext, task: string): readonly TaskItem[] {
  const items = context.denoised.get(task);
  if (items === undefined) throw new LabError("not_found", `denoise: must be a task of this session, got ${task}`);
  return items;
}

async function doAll(
  context: DenoiseContext,
  items: readonly TaskItem[],
  { doItem, selfEnsemble }: { readonly doItem: DoItem; readonly selfEnsemble: boolean },
  { signal, report }: TaskWork,
): Promise<TaskOutcome> {
  const total = items.length;
  let done = 0;
  let tell: (tilesDone: number, tilesTotal: number) => void = () => undefined;
  await useTaskCompute(context, signal, { onTile: (tiles, of) => tell(tiles, of) }, async (lease) => {
    let loaded: string | null = null;
    let open: OpenNetwork | null = null;
    for (const item of items) {
      tell = countPasses({ selfEnsemble }, (tilesDone, tilesTotal) => {
        const current = { name: item.facts.name, tilesDone, tilesTotal };
        report({ share: (done + tilesDone / tilesTotal) / total, done, total, unit: "photos", current });
      });
      signal.throwIfAborted();
      tell(0, 1);
      if (open === null || loaded !== item.model.checkpointFile) open = await openNetwork(context, lease, item.model);
      loaded = item.model.checkpointFile;
      const network = open;
      await doOrTell(item, () => doItem(network, item));
      done += 1;
    }
  });
  report({ share: 1, done, total, unit: "photos", current: null });
  const failed = items.filter(({ facts }) => facts.state === "failed").length;
  return { kind: "denoise", done: total - failed, failed };
}

async function doOrTell(item: TaskItem, work: () => Promise<Partial<DenoiseItem>>): Promise<void> {
  item.facts = { ...item.facts, state: "running" };
  try {
    item.facts = { ...item.facts, state: "done", ...(await work()) };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    item.facts = { ...item.facts, state: "failed", error: message };
    if (!isOfOnePhoto(error)) throw error;
  }
}

/** Keeps what went in and what came out; a photo that several models get alike is read and made noisy once. */
function keepPixels(context: DenoiseContext, request: DenoiseRequest, memoryBudgetMb: number): DoItem {
  let last: {
    readonly photo: TaskPhoto;
    readonly imageChannels: 1 | 3;
    readonly noise: NetworkInput["noise"];
    readonly estimatedSigma255: number;
    /** Of the photo as it came. */
    readonly channels: 1 | 3;
    readonly bitDepth: 8 | 16;
    readonly kept: Omit<KeptPixels, "output">;
  } | null = null;
  const write = async (photo: Photo) => inThread("writePixels", await context.work.newFile(".f32"), photo);
  const prepare = async ({ photo }: TaskItem, imageChannels: 1 | 3) => {
    const { picture, bitDepth } = await readPhoto(context, photo);
    const { clean, input, noise } = await prepareInput(photo.name, picture, request, imageChannels);
    const estimatedSigma255 = await inThread("estimateSigma255", input);
    const kept = { clean: clean === null ? null : await write(clean), input: await write(input) };
    return { photo, imageChannels, noise, estimatedSigma255, channels: picture.channels, bitDepth, kept };
  };
  return async ({ compute, engine, loaded }, item) => {
    const { imageChannels } = loaded.network;
    if (last?.photo !== item.photo || last.imageChannels !== imageChannels) {
      last = await keepRoom(() => prepare(item, imageChannels));
    }
    const { bitDepth, kept, noise, estimatedSigma255 } = last;
    const target = await context.work.newFile(".f32");
    const passes = { memoryBudgetMb, noise, selfEnsemble: request.selfEnsemble };
    const { output, seconds } = await denoisePhoto(compute, kept.input, target, passes);
    item.pixels = { ...kept, output };
    const { width, height, channels } = kept.input;
    const hasClean = kept.clean !== null;
    const remarks = await remarksOn(item.model, last.channels, request.sigma255, () => estimatedSigma255);
    const facts = { seconds, width, height, channels, bitDepth, hasClean };
    return { ...facts, engine, remarks, estimatedSigma255 };
  };
}

function writeFiles(context: DenoiseContext, saving: Omit<FileSaving, "model">): DoItem {
  return async (open, { plan, model }) => {
    if (plan === null) throw new Error("denoise: a result for a file must have a plan");
    const result = await denoiseOrTell(context, open, plan, { ...saving, model });
    const { error, skipped, seconds, output, engine, remarks } = result;
    if (error !== null) return { state: "failed", error };
    return { state: skipped ? "skipped" : "done", seconds, output, engine, remarks };
  };
}

async function readPhoto(
  { photos }: DenoiseContext,
  { source }: TaskPhoto,
): Promise<{ readonly picture: Photo; readonly bitDepth: 8 | 16 }> {
  if (source.kind === "sample") return { picture: await photos.drawSample(source.index), bitDepth: 8 };
  const { photo, bitDepth } = await photos.decode(source.cleanFile);
  return { picture: photo, bitDepth };
}

async function removePixels({ pixels }: TaskItem): Promise<void> {
  if (pixels === null) return;
  const files = [pixels.clean, pixels.input, pixels.output].flatMap((kept) => (kept === null ? [] : [kept.file]));
  await Promise.all(files.map((file) => rm(file, { force: true })));
}
