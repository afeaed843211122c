import { rm } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";

import { countBytes, createPixels, type PixelFile } from "#main/files/pixelFile.ts";
import type { DenoiseItem, PreviewedPart, PreviewWish, RedenoiseWish } from "#shared/api/denoising.ts";
import type { Rectangle } from "#shared/image/geometry.ts";
import { LabError } from "#shared/labError.ts";
import type { NetworkSettings } from "#shared/space/spaces/networkPlan.ts";

import { useTaskCompute } from "#main/lab/tasks/taskCompute.ts";

import { createOutput, cutBlocks, denoiseBlock, findPace, lookAround, type Passes } from "./denoiseBlocks.ts";
import { openNetwork, type OpenNetwork } from "./denoiseEngine.ts";
import { type KeptInput, listKeptFiles, type TaskItem } from "./denoiseItems.ts";
import { type DenoiseContext, getItems } from "./denoiseTasks.ts";
import { describeBy, describeInput, keepInput, measurePsnr } from "./keptInput.ts";
import { chooseQuickPart, chooseQuickShrink } from "./quickPart.ts";
import { denoiseShrunk } from "./shrunkPart.ts";
import { startItem, toKeep } from "./startItem.ts";
import { storeResult } from "./storedSession.ts";
import { chooseTaskModel, findTaskModel, type TaskModel } from "./taskModels.ts";

/** A part is packed, sent and drawn within this time, and what else is on show asked for: until then the task begins nothing that would be in the way. */
const SHOW_MS = 1_000;
/** What one core takes for a thousand multiply-adds at each of a million pixels: measured on one without AVX-512. */
const SECONDS_PER_THOUSAND = 0.04;

/** An item is denoised anew: by what, and for which noise. */
interface Redo extends Passes {
  readonly item: TaskItem;
  /** Its photo as it is kept now; the last result, where there is one, stays as long as the new one is not there. */
  readonly last: KeptInput;
  readonly model: TaskModel;
  /** False where a newer wish took the place of this one, or the task was dismissed. */
  isWanted(): boolean;
}

/** A part that was denoised: where, of what, and the files that hold what went in and what came out. */
interface DenoisedPart {
  readonly kept: KeptInput;
  readonly part: Rectangle;
  /** By what factor it was shrunk before. */
  readonly factor: number;
  readonly share: number;
  readonly input: PixelFile;
  readonly output: PixelFile;
}

/**
 * Denoises one part of a photo that is kept to look at, to be seen before the rest, and returns its revision and what it shows;
 * null where a newer wish took its place. The photo need not have been denoised yet. Where it is to be quick, a part in the
 * middle is done that takes about a second, unless all takes hardly more; what is shrunk is shrunk once more. Throws LabError.
 */
export async function previewDenoised(
  context: DenoiseContext,
  { area, isQuick, shrink, ...wish }: PreviewWish,
): Promise<PreviewedPart | null> {
  const item = openLook(context, wish);
  const seen = await keepIn(item.looks, makePreview(context, wish, item, { area, isQuick, shrink }));
  if (seen !== null) void keepIn(item.looks, sleep(SHOW_MS, undefined, { ref: false }));
  return seen;
}

async function makePreview(
  context: DenoiseContext,
  wish: RedenoiseWish,
  item: TaskItem,
  { area, isQuick, shrink }: Pick<PreviewWish, "area" | "isQuick" | "shrink">,
): Promise<PreviewedPart | null> {
  const redo = await begin(context, wish, item);
  checkArea(redo.last.input, area, shrink);
  const denoise = async (open: OpenNetwork): Promise<DenoisedPart> => {
    const kept = await inputFor(context, redo, open.loaded.network);
    const pace = { known: findPace(context, open), guess: guessPace(open) };
    if (shrink > 1) {
      const factor = isQuick ? chooseQuickShrink(area, shrink, pace) : shrink;
      return { kept, part: area, factor, ...(await denoiseShrunk(context, open, kept, redo, area, factor)) };
    }
    const part = isQuick ? chooseQuickPart(area, lookAround(open).margin, pace) : area;
    const shape = { width: part.width, height: part.height, channels: kept.input.channels };
    const output = await createPixels(await context.work.newFile(".f32", countBytes(shape)), shape);
    await denoiseBlock(context, open, kept, redo, part, { file: output, x: 0, y: 0 });
    return { kept, part, factor: 1, share: 1, input: kept.input, output };
  };
  const done = await takeTurn(context, redo, denoise, true);
  if (done === null) return null;
  const { kept, part, factor, share, input, output } = done;
  if (!redo.isWanted()) return discard(context, wish.task, [output, input, kept.input, kept.clean]);
  const { preview: before } = item;
  const revision = item.facts.revision + 1;
  item.facts = { ...item.facts, revision };
  const { width, height } = output;
  const inside = factor === 1 ? part : { x: 0, y: 0, width, height };
  item.preview = { area: inside, input, icc: kept.icc, channels: kept.channels, output, share, revision };
  await discard(context, wish.task, [before?.input, before?.output, kept.input, kept.clean]);
  return { revision, area: part, shrink: factor };
}

/**
 * Denoises a photo that is kept to look at anew, by another network or for other noise; its last result stays until all is
 * done. Returns what is known of the new one; null where a newer wish took its place. Throws LabError.
 */
export async function redenoise(context: DenoiseContext, wish: RedenoiseWish): Promise<DenoiseItem | null> {
  const item = openLook(context, wish);
  return keepIn(item.wished, makeAnew(context, wish, item));
}

async function makeAnew(context: DenoiseContext, wish: RedenoiseWish, item: TaskItem): Promise<DenoiseItem | null> {
  const redo = await begin(context, wish, item);
  const plan = await takeTurn(context, redo, async (open) => {
    const { engine, loaded, speeds } = open;
    const kept = await inputFor(context, redo, loaded.network);
    return { engine, loaded, speeds, kept, blocks: cutBlocks(kept.input, lookAround(open).margin) };
  });
  if (plan === null) return null;
  const { kept } = plan;
  const output = await createOutput(toKeep(context, item), kept.input);
  let seconds = 0;
  for (const block of plan.blocks) {
    const target = { file: output, x: block.x, y: block.y };
    const done = await takeTurn(context, redo, (open) => denoiseBlock(context, open, kept, redo, block, target));
    if (done === null) return discard(context, wish.task, [output, kept.input, kept.clean]);
    seconds += done;
  }
  const facts = { ...(await describe(redo, plan)), psnrDb: await measurePsnr(kept, output) };
  if (!redo.isWanted()) return discard(context, wish.task, [output, kept.input, kept.clean]);
  const { last } = redo;
  const { pixels: before } = item;
  item.facts = { ...item.facts, ...facts, state: "done", error: null, seconds, revision: item.facts.revision + 1 };
  item.model = redo.model;
  item.pixels = { ...kept, output };
  item.input = null;
  await item.session?.note(storeResult(item));
  await discard(context, wish.task, [last.clean, last.input, before?.output]);
  return item.facts;
}

/** Finds an item that is kept to look at, done or not. Throws LabError `not_found`. */
function openLook(context: DenoiseContext, { task, item: index }: Pick<RedenoiseWish, "task" | "item">): TaskItem {
  const item: TaskItem | undefined = getItems(context, task)[index];
  if (item === undefined) throw new LabError("not_found", `this session has no result ${index + 1}`);
  if (item.plan === null) return item;
  throw new LabError("not_found", `${item.facts.name} was written into a file and has no result to look at`);
}

/** Lets the task know of work that it has to wait for as long as that lasts. */
async function keepIn<T>(all: Set<Promise<unknown>>, work: Promise<T>): Promise<T> {
  all.add(work);
  try {
    return await work;
  } finally {
    all.delete(work);
  }
}

/** Finds what is to be done, which ends what was to be done with the item before. Throws LabError. */
async function begin(context: DenoiseContext, { task, model, sigma255 }: RedenoiseWish, item: TaskItem): Promise<Redo> {
  const own = {};
  item.wish = own;
  const { request, photo } = item;
  const memoryBudgetMb = request.memoryBudgetMb ?? (await context.getPreferences()).memoryBudgetMb;
  const last = item.pixels ?? (await startItem(context, getItems(context, task), item)).kept;
  return {
    item,
    last,
    sigma255,
    memoryBudgetMb,
    selfEnsemble: request.selfEnsemble,
    model: await findWanted(context, item, model, () => chooseTaskModel(context, photo, { ...request, sigma255 })),
    isWanted: () => item.wish === own && context.denoised.has(task),
  };
}

/** The item's own model stays with the reason why it was taken. */
async function findWanted(
  context: DenoiseContext,
  { model: own, request, facts }: TaskItem,
  wanted: string | null,
  choose: () => Promise<TaskModel>,
): Promise<TaskModel> {
  if (wanted === null) return own !== null && facts.state !== "done" ? own : choose();
  return own?.name === wanted ? own : findTaskModel(context, wanted, request);
}

/** Waits for the process before all that is not urgent; null where nobody wants it any more when its turn has come or gone. */
async function takeTurn<T>(
  context: DenoiseContext,
  redo: Redo,
  work: (open: OpenNetwork) => Promise<T>,
  isQuick = false,
): Promise<T | null> {
  const result = await useTaskCompute(
    context,
    null,
    {},
    async (lease) => (redo.isWanted() ? work(await openNetwork(context, lease, redo.model, null, isQuick)) : null),
    "urgent",
  );
  return redo.isWanted() ? result : null;
}

/** Noise that was added depends on the channels in which a network takes it: for others it is added anew. */
async function inputFor(context: DenoiseContext, { item, last }: Redo, network: NetworkSettings): Promise<KeptInput> {
  if (last.clean === null || last.imageChannels === network.imageChannels) return last;
  return keepInput(toKeep(context, item), item.photo, item.request, network.imageChannels);
}

/** What a megapixel takes by a network of which no part was done yet: by what was measured for it, or by what it computes. */
function guessPace({ engine, speeds, loaded }: OpenNetwork): number {
  return speeds?.[engine] ?? (SECONDS_PER_THOUSAND * loaded.multiplyAddsPerPixel) / 1000 / availableParallelism();
}

async function describe(
  { model, sigma255 }: Redo,
  { engine, loaded, speeds, kept }: Omit<OpenNetwork, "compute" | "file"> & { readonly kept: KeptInput },
): Promise<Partial<DenoiseItem>> {
  return {
    ...describeInput(kept),
    ...(await describeBy(model, { engine, loaded, speeds }, kept, sigma255)),
    sigma255,
  };
}

function checkArea({ width, height }: PixelFile, area: Rectangle, shrink: number): void {
  const got = `${area.width}x${area.height} at (${area.x}, ${area.y})`;
  if (area.x + area.width > width || area.y + area.height > height) {
    throw new LabError("bad_config", `the area must lie inside ${width}x${height}, got ${got}`);
  }
  if (shrink === 1 || (area.width % (2 * shrink) === 0 && area.height % (2 * shrink) === 0)) return;
  throw new LabError(
    "bad_config",
    `to be shrunk by ${shrink} the area's sides must be multiples of ${2 * shrink}, got ${got}`,
  );
}

/** Removes files that no item of the task needs any more. */
async function discard(
  context: DenoiseContext,
  task: string,
  files: readonly (PixelFile | null | undefined)[],
): Promise<null> {
  const needed = new Set((context.denoised.get(task) ?? []).flatMap(listKeptFiles));
  const unneeded = files.flatMap((kept) => (kept == null || needed.has(kept.file) ? [] : [kept.file]));
  await Promise.all(unneeded.map((file) => rm(file, { force: true })));
  return null;
}
