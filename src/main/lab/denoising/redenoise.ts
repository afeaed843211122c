import { rm } from "node:fs/promises";

import { appendPixels, type PixelFile } from "#main/files/pixelFile.ts";
import { inThread } from "#main/photos/threads/inThread.ts";
import type { DenoiseItem, RedenoiseWish } from "#shared/api/denoising.ts";
import type { Rectangle } from "#shared/image/geometry.ts";
import type { SettledNoise } from "#shared/image/noise.ts";
import type { Photo } from "#shared/image/photo.ts";
import { growWithin } from "#shared/image/tiles.ts";
import { LabError } from "#shared/labError.ts";
import { largestScale } from "#shared/space/graph/networkGraph.ts";
import { inputMarginPx } from "#shared/space/graph/reach.ts";
import type { NetworkSettings } from "#shared/space/spaces/networkPlan.ts";
import { type AnyGenotype, buildNetworkGraph } from "#shared/space/spaces/spaces.ts";

import { useTaskCompute } from "#main/lab/tasks/taskCompute.ts";

import { openNetwork, type OpenNetwork } from "./denoiseEngine.ts";
import type { KeptInput, KeptPixels, TaskItem } from "./denoiseItems.ts";
import { denoisePhoto } from "./denoisePhoto.ts";
import { type DenoiseContext, getItems } from "./denoiseTasks.ts";
import { keepInput, keepPhoto } from "./keptInput.ts";
import { chooseTaskModel, findTaskModel, remarksOn, type TaskModel } from "./taskModels.ts";

/** A photo is done in strips of about so many pixels: between two of them a newer wish may take its place. */
const STRIP_PIXELS = 2e6;
/** Strips are at least so many margins high, so that what they share with their neighbours is little. */
const MARGINS_OF_STRIP = 8;

/** An item is denoised anew: by what, and for which noise. */
interface Redo {
  readonly item: TaskItem;
  /** What is kept of it as long as the new result is not there. */
  readonly last: KeptPixels;
  readonly model: TaskModel;
  readonly sigma255: number | null;
  readonly memoryBudgetMb: number;
  /** False where a newer wish took the place of this one, or the task was dismissed. */
  isWanted(): boolean;
}

/**
 * Denoises one part of a photo that is kept to look at, to be seen before the rest, and returns its revision; null where a
 * newer wish took its place. Throws LabError.
 */
export async function previewDenoised(
  context: DenoiseContext,
  { area, ...wish }: RedenoiseWish & { readonly area: Rectangle },
): Promise<number | null> {
  const redo = await begin(context, wish);
  const { item } = redo;
  checkArea(redo.last.input, area);
  const done = await takeTurn(context, redo, async (open) => {
    const kept = await inputFor(context, redo, open.loaded.network);
    return { kept, ...(await denoiseArea(context, open, redo, kept, area)) };
  });
  if (done === null) return null;
  const output = await keepPhoto(context, done.output);
  if (!redo.isWanted()) return discard(context, wish.task, [output, done.kept.input, done.kept.clean]);
  const { preview: before } = item;
  const revision = item.facts.revision + 1;
  item.facts = { ...item.facts, revision };
  item.preview = { area, input: done.kept.input, output, revision };
  await discard(context, wish.task, [before?.input, before?.output, done.kept.clean]);
  return revision;
}

/**
 * Denoises a photo that is kept to look at anew, by another network or for other noise; its last result stays until all is
 * done. Returns what is known of the new one; null where a newer wish took its place. Throws LabError.
 */
export async function redenoise(context: DenoiseContext, wish: RedenoiseWish): Promise<DenoiseItem | null> {
  const redo = await begin(context, wish);
  const { item } = redo;
  const plan = await takeTurn(context, redo, async ({ engine, loaded, speeds }) => {
    const kept = await inputFor(context, redo, loaded.network);
    const { margin } = lookAround(loaded.network, loaded.genotype);
    return { engine, loaded, speeds, kept, strips: cutStrips(kept.input, margin) };
  });
  if (plan === null) return null;
  const { width, height, channels } = plan.kept.input;
  const output = { file: await context.work.newFile(".f32"), width, height, channels };
  let seconds = 0;
  for (const strip of plan.strips) {
    const done = await takeTurn(context, redo, (open) => denoiseArea(context, open, redo, plan.kept, strip));
    if (done === null) return discard(context, wish.task, [output, plan.kept.input, plan.kept.clean]);
    await appendPixels(output.file, done.output);
    seconds += done.seconds;
  }
  const { last } = redo;
  const facts = await describe(redo, plan);
  if (!redo.isWanted()) return discard(context, wish.task, [output, plan.kept.input, plan.kept.clean]);
  item.facts = { ...item.facts, ...facts, seconds, revision: item.facts.revision + 1 };
  item.model = redo.model;
  item.pixels = { ...plan.kept, output };
  await discard(context, wish.task, [last.clean, last.input, last.output]);
  return item.facts;
}

/** Finds what is to be done, which ends what was to be done with the item before. Throws LabError. */
async function begin(context: DenoiseContext, { task, item: index, model, sigma255 }: RedenoiseWish): Promise<Redo> {
  const item: TaskItem | undefined = getItems(context, task)[index];
  if (item === undefined) throw new LabError("not_found", `denoise: task ${task} has no item ${index}`);
  if (item.pixels === null) {
    throw new LabError("not_found", `denoise: item ${index} of task ${task} has no result to look at`);
  }
  const own = {};
  item.wish = own;
  const { request, photo } = item;
  const memoryBudgetMb = request.memoryBudgetMb ?? (await context.getPreferences()).memoryBudgetMb;
  return {
    item,
    last: item.pixels,
    sigma255,
    memoryBudgetMb,
    model: await findWanted(context, item, model, () => chooseTaskModel(context, photo, { ...request, sigma255 })),
    isWanted: () => item.wish === own && context.denoised.has(task),
  };
}

/** The item's own model stays with the reason why it was taken. */
async function findWanted(
  context: DenoiseContext,
  { model: own, request }: TaskItem,
  wanted: string | null,
  choose: () => Promise<TaskModel>,
): Promise<TaskModel> {
  if (wanted === null) return choose();
  return own?.name === wanted ? own : findTaskModel(context, wanted, request);
}

/** Waits for the process before all that is not urgent; null where nobody wants it any more when its turn has come or gone. */
async function takeTurn<T>(
  context: DenoiseContext,
  redo: Redo,
  work: (open: OpenNetwork) => Promise<T>,
): Promise<T | null> {
  const result = await useTaskCompute(
    context,
    null,
    {},
    async (lease) => (redo.isWanted() ? work(await openNetwork(context, lease, redo.model)) : null),
    "urgent",
  );
  return redo.isWanted() ? result : null;
}

/** Noise that was added depends on the channels in which a network takes it: for others it is added anew. */
async function inputFor(context: DenoiseContext, { item, last }: Redo, network: NetworkSettings): Promise<KeptInput> {
  if (last.clean === null || last.imageChannels === network.imageChannels) return last;
  return keepInput(context, item.photo, item.request, network.imageChannels);
}

/** Denoises one part with all around it that it sees, so that it is what it is in the whole photo. */
async function denoiseArea(
  { work }: Pick<DenoiseContext, "work">,
  { compute, loaded: { network, genotype } }: OpenNetwork,
  { item, sigma255, memoryBudgetMb }: Redo,
  { input, noise: known, estimatedSigma255 }: KeptInput,
  area: Rectangle,
): Promise<{ readonly output: Photo; readonly seconds: number }> {
  const { margin, step } = lookAround(network, genotype);
  const seen = toSteps(growWithin(input, area, margin), step, input);
  const noise: SettledNoise =
    sigma255 === null ? (known ?? { kind: "gaussian", sigma255: estimatedSigma255 }) : { kind: "gaussian", sigma255 };
  const { selfEnsemble } = item.request;
  const files = [await work.newFile(".f32"), await work.newFile(".f32")] as const;
  try {
    const part = await inThread("writePixels", files[0], await inThread("readPixels", input, seen));
    const { output, seconds } = await denoisePhoto(compute, part, files[1], { memoryBudgetMb, noise, selfEnsemble });
    const inside = { ...area, x: area.x - seen.x, y: area.y - seen.y };
    return { output: await inThread("readPixels", output, inside), seconds };
  } finally {
    await Promise.all(files.map((file) => rm(file, { force: true })));
  }
}

/** How far a network looks around, and at multiples of how many pixels its parts must begin. */
function lookAround(
  network: NetworkSettings,
  genotype: AnyGenotype,
): { readonly margin: number; readonly step: number } {
  const graph = buildNetworkGraph({ ...network, genotype });
  return { margin: inputMarginPx(graph), step: largestScale(graph) };
}

/** Grows an area so that it begins and ends at multiples of a step, or at the photo's edge. */
function toSteps({ x, y, width, height }: Rectangle, step: number, whole: PixelFile): Rectangle {
  const [left, top] = [Math.floor(x / step) * step, Math.floor(y / step) * step];
  const right = Math.min(whole.width, Math.ceil((x + width) / step) * step);
  const bottom = Math.min(whole.height, Math.ceil((y + height) / step) * step);
  return { x: left, y: top, width: right - left, height: bottom - top };
}

/** Cuts a photo into strips as wide as it is, from top to bottom. */
function cutStrips({ width, height }: PixelFile, margin: number): readonly Rectangle[] {
  const rows = Math.max(1, MARGINS_OF_STRIP * margin, Math.ceil(STRIP_PIXELS / width));
  const count = Math.max(1, Math.floor(height / rows));
  const edge = (index: number): number => Math.floor((index * height) / count);
  return Array.from({ length: count }, (_, index) => {
    const y = edge(index);
    return { x: 0, y, width, height: edge(index + 1) - y };
  });
}

async function describe(
  { model, sigma255 }: Redo,
  { engine, loaded, speeds, kept }: Omit<OpenNetwork, "compute"> & { readonly kept: KeptInput },
): Promise<Partial<DenoiseItem>> {
  const { channels } = kept.input;
  const { estimatedSigma255 } = kept;
  const estimate = (): number => estimatedSigma255;
  const remarks = await remarksOn(model, loaded, { channels: kept.channels, sigma255, estimate });
  const by = { model: model.name, why: model.why, engine, device: loaded.device, speeds };
  return { ...by, remarks, channels, sigma255, estimatedSigma255 };
}

function checkArea({ width, height }: PixelFile, area: Rectangle): void {
  if (area.x + area.width <= width && area.y + area.height <= height) return;
  const got = `${area.width}x${area.height} at (${area.x}, ${area.y})`;
  throw new LabError("bad_config", `denoise: area must lie inside ${width}x${height}, got ${got}`);
}

/** Removes files that no item of the task needs any more. */
async function discard(
  context: DenoiseContext,
  task: string,
  files: readonly (PixelFile | null | undefined)[],
): Promise<null> {
  const needed = new Set(
    (context.denoised.get(task) ?? [])
      .flatMap(({ pixels, preview }) => [pixels?.clean, pixels?.input, pixels?.output, preview?.input, preview?.output])
      .flatMap((kept) => kept?.file ?? []),
  );
  const unneeded = files.flatMap((kept) => (kept == null || needed.has(kept.file) ? [] : [kept.file]));
  await Promise.all(unneeded.map((file) => rm(file, { force: true })));
  return null;
}
