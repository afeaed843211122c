import { rm } from "node:fs/promises";

import { countBytes } from "#main/files/pixelFile.ts";
import type { Store } from "#main/store/openStore.ts";
import type { DenoiseItem, DenoiseRequest } from "#shared/api/denoising.ts";
import { at } from "#shared/at.ts";
import { LabError } from "#shared/labError.ts";
import type { Task, TaskOutcome } from "#shared/api/tasks.ts";

import { type TaskComputeContext, useTaskCompute } from "#main/lab/tasks/taskCompute.ts";
import type { ComputeLease } from "#main/lab/tasks/computeQueue.ts";
import type { TaskBoard, TaskWork } from "#main/lab/tasks/tasks.ts";

import { type DenoiseEngineContext, openNetwork, type OpenNetwork } from "./denoiseEngine.ts";
import { type KeptInput, makeItems, type PlanContext, planFiles, planLooks, type TaskItem } from "./denoiseItems.ts";
import { countPasses, denoisePhoto } from "./denoisePhoto.ts";
import { type DenoiseFilesContext, denoiseOrTell, type FileSaving, isOfOnePhoto } from "./denoising.ts";
import { type KeepContext, keepInput } from "./keptInput.ts";
import { chooseTaskModel, remarksOn, type TaskModel } from "./taskModels.ts";
import type { TaskPhoto } from "./taskPhotos.ts";

/** What denoise tasks have done so far, by task. */
export interface DenoisedContext {
  readonly denoised: Map<string, readonly TaskItem[]>;
}

/** What photos are denoised in the background with. */
export interface DenoiseContext
  extends
    DenoisedContext,
    DenoiseFilesContext,
    KeepContext,
    Omit<PlanContext, "getStore">,
    TaskComputeContext,
    Omit<DenoiseEngineContext, "getStore"> {
  getStore(): Pick<Store, "runs" | "datasets" | "preferences">;
  readonly log: (line: string) => void;
  readonly tasks: Pick<TaskBoard, "start">;
}

/**
 * How one item is done by the network that is loaded; what it returns becomes part of what is known of the item.
 */
type DoItem = (open: OpenNetwork, item: TaskItem, model: TaskModel) => Promise<Partial<DenoiseItem>>;

/** Denoises photos in the background, to look at or into files. Throws LabError for models and photos that cannot be found. */
export async function startDenoise(context: DenoiseContext, request: DenoiseRequest): Promise<Task> {
  const { output } = request;
  const memoryBudgetMb = request.memoryBudgetMb ?? (await context.getPreferences()).memoryBudgetMb;
  const isToLookAt = output.kind === "look";
  const planned = await (isToLookAt ? planLooks(context, request) : planFiles(context, request, output));
  const items = makeItems(planned, request);
  const doItem = isToLookAt
    ? keepPixels(context, request, memoryBudgetMb)
    : writeFiles(context, { ...request, ...output, memoryBudgetMb });
  const task = context.tasks.start({
    kind: "denoise",
    title: items.length === 1 ? at(items, 0, "denoise: item").facts.name : `${items.length} results`,
    work: (work) => doAll(context, items, doItem, work),
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

/** Does the items in their order; between two of them the process is free for who waits at the window. */
async function doAll(
  context: DenoiseContext,
  items: readonly TaskItem[],
  doItem: DoItem,
  { signal, report }: TaskWork,
): Promise<TaskOutcome> {
  const total = items.length;
  for (const [done, item] of items.entries()) {
    const tell = countPasses(item.request, (tilesDone, tilesTotal) => {
      const current = { name: item.facts.name, tilesDone, tilesTotal };
      report({ share: (done + tilesDone / tilesTotal) / total, done, total, unit: "photos", current });
    });
    signal.throwIfAborted();
    const work = async (lease: ComputeLease): Promise<void> => {
      tell(0, 1);
      const model = await findModelOf(context, item);
      if (model === null) return;
      const open = await openNetwork(context, lease, model);
      await doOrTell(item, () => doItem(open, item, model));
    };
    await useTaskCompute(context, signal, { onTile: tell }, work, done === 0 ? "new" : "begun");
  }
  report({ share: 1, done: total, total, unit: "photos", current: null });
  const failed = items.filter(({ facts }) => facts.state === "failed").length;
  return { kind: "denoise", done: total - failed, failed };
}

/** The item's model, chosen now where nobody named one; null where the photo cannot be read for it, which is told. */
async function findModelOf(context: DenoiseContext, item: TaskItem): Promise<TaskModel | null> {
  if (item.model !== null) return item.model;
  await doOrTell(item, async () => {
    item.model = await chooseTaskModel(context, item.photo, item.request);
    const { name: model, why } = item.model;
    return { state: "waiting", model, why };
  });
  return item.model;
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
  let last: { readonly photo: TaskPhoto; readonly kept: KeptInput } | null = null;
  return async ({ compute, engine, loaded, speeds }, item, model) => {
    const { imageChannels } = loaded.network;
    if (last?.photo !== item.photo || last.kept.imageChannels !== imageChannels) {
      last = { photo: item.photo, kept: await keepInput(context, item.photo, request, imageChannels) };
    }
    const { kept } = last;
    const { input, noise, estimatedSigma255, bitDepth } = kept;
    const target = await context.work.newFile(".f32", countBytes(input));
    const { selfEnsemble, sigma255 } = request;
    const { output, seconds } = await denoisePhoto(compute, input, target, { memoryBudgetMb, noise, selfEnsemble });
    item.pixels = { ...kept, output };
    const { width, height, channels } = input;
    const hasClean = kept.clean !== null;
    const estimate = (): number => estimatedSigma255;
    const remarks = await remarksOn(model, loaded, { channels: kept.channels, sigma255, estimate });
    const facts = { seconds, width, height, channels, bitDepth, hasClean };
    return { ...facts, engine, device: loaded.device, speeds, remarks, estimatedSigma255 };
  };
}

function writeFiles(context: DenoiseContext, saving: Omit<FileSaving, "model">): DoItem {
  return async (open, { plan }, model) => {
    const planned = plan?.(model.mark) ?? null;
    if (planned === null) throw new Error("denoise: a result for a file must have a plan");
    const result = await denoiseOrTell(context, open, planned, { ...saving, model });
    const { error, skipped, seconds, output, engine, device, remarks } = result;
    if (error !== null) return { state: "failed", error };
    return { state: skipped ? "skipped" : "done", seconds, output, engine, device, remarks };
  };
}

async function removePixels({ pixels, preview }: TaskItem): Promise<void> {
  const kept = [pixels?.clean, pixels?.input, pixels?.output, preview?.input, preview?.output];
  await Promise.all(kept.flatMap((each) => (each == null ? [] : [rm(each.file, { force: true })])));
}
