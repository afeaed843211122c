import { rm } from "node:fs/promises";

import type { ComputeListener } from "#main/compute/protocol.ts";
import type { Store } from "#main/store/openStore.ts";
import type { DenoiseItem, DenoiseRequest } from "#shared/api/denoising.ts";
import { at } from "#shared/at.ts";
import { LabError } from "#shared/labError.ts";
import type { Task, TaskOutcome } from "#shared/api/tasks.ts";

import { type TaskComputeContext, useTaskCompute } from "#main/lab/tasks/taskCompute.ts";
import type { ComputeLease, Urgency } from "#main/lab/tasks/computeQueue.ts";
import type { TaskBoard, TaskWork } from "#main/lab/tasks/tasks.ts";

import { type BlockContext, createOutput, cutBlocks, denoiseBlock, lookAround, type Passes } from "./denoiseBlocks.ts";
import { type DenoiseEngineContext, openNetwork } from "./denoiseEngine.ts";
import {
  listKeptFiles,
  makeItems,
  type PlanContext,
  planFiles,
  planLooks,
  type TaskItem,
  whenNobodyWaits,
} from "./denoiseItems.ts";
import { countPasses } from "./denoisePhoto.ts";
import { type DenoiseFilesContext, denoiseOrTell, type FileSaving, isOfOnePhoto } from "./denoising.ts";
import { describeBy, describeInput, type KeepContext, measurePsnr } from "./keptInput.ts";
import type { SessionFolders } from "./sessionFolder.ts";
import { startItem, toKeep } from "./startItem.ts";
import { storeResult, storeSession } from "./storedSession.ts";
import { chooseTaskModel } from "./taskModels.ts";

/** What denoise tasks have done so far, by task. */
export interface DenoisedContext {
  readonly denoised: Map<string, readonly TaskItem[]>;
}

/** Where sessions are kept. */
export interface SessionsContext {
  readonly sessions: SessionFolders;
}

/** What photos are denoised in the background with. */
export interface DenoiseContext
  extends
    DenoisedContext,
    SessionsContext,
    Pick<BlockContext, "paces">,
    DenoiseFilesContext,
    KeepContext,
    Omit<PlanContext, "getStore">,
    TaskComputeContext,
    Omit<DenoiseEngineContext, "getStore"> {
  getStore(): Pick<Store, "runs" | "datasets" | "preferences">;
  readonly log: (line: string) => void;
  readonly tasks: Pick<TaskBoard, "start">;
}

/** How one item is done; what it returns becomes part of what is known of the item. `urgency` is that of its first turn. */
type DoItem = (
  item: TaskItem,
  how: { readonly signal: AbortSignal; readonly urgency: Urgency; readonly tell: ComputeListener["onTile"] },
) => Promise<Partial<DenoiseItem>>;

/** Denoises photos in the background, to look at or into files. Throws LabError for models and photos that cannot be found. */
export async function startDenoise(context: DenoiseContext, request: DenoiseRequest): Promise<Task> {
  const { output } = request;
  const memoryBudgetMb = request.memoryBudgetMb ?? (await context.getPreferences()).memoryBudgetMb;
  const isToLookAt = output.kind === "look";
  const planned = await (isToLookAt ? planLooks(context, request) : planFiles(context, request, output));
  const session = isToLookAt ? await context.sessions.create() : null;
  const items = makeItems(planned, request, session);
  const doItem = isToLookAt
    ? lookAt(context, items, { ...request, memoryBudgetMb })
    : writeFiles(context, { ...request, ...output, memoryBudgetMb });
  const task = context.tasks.start({
    kind: "denoise",
    title: items.length === 1 ? at(items, 0, "denoise: item").facts.name : `${items.length} results`,
    work: (work) => doAll(items, doItem, work),
    forget: async () => {
      context.denoised.delete(task.id);
      await Promise.all(items.map(removePixels));
      await session?.remove();
    },
  });
  context.denoised.set(task.id, items);
  await session?.describe(storeSession(task, request, items));
  return task;
}

/** Returns the items of a task. Throws LabError `not_found`. */
export function getItems(context: DenoisedContext, task: string): readonly TaskItem[] {
  const items = context.denoised.get(task);
  if (items === undefined) throw new LabError("not_found", `these results are not kept any more (session ${task})`);
  return items;
}

/** Does the items in their order; between two of them the process is free for who waits at the window. */
async function doAll(
  items: readonly TaskItem[],
  doItem: DoItem,
  { signal, report, proceed }: TaskWork,
): Promise<TaskOutcome> {
  const total = items.length;
  for (const [done, item] of items.entries()) {
    const tell: ComputeListener["onTile"] = (tilesDone, tilesTotal) => {
      const current = { name: item.facts.name, tilesDone, tilesTotal };
      report({ share: (done + tilesDone / tilesTotal) / total, done, total, unit: "photos", current });
    };
    await proceed();
    signal.throwIfAborted();
    await doOrTell(item, () => doItem(item, { signal, tell, urgency: done === 0 ? "new" : "begun" }));
    await item.session?.note(storeResult(item));
  }
  report({ share: 1, done: total, total, unit: "photos", current: null });
  const failed = items.filter(({ facts }) => facts.state === "failed").length;
  return { kind: "denoise", done: total - failed, failed };
}

async function doOrTell(item: TaskItem, work: () => Promise<Partial<DenoiseItem>>): Promise<void> {
  try {
    const facts = await work();
    item.facts = { ...item.facts, ...facts };
  } catch (error) {
    if (error instanceof LabError && error.kind === "interrupted") {
      item.facts = { ...item.facts, state: "waiting" };
      throw error;
    }
    const message = error instanceof Error ? error.message : String(error);
    item.facts = { ...item.facts, state: "failed", error: message };
    if (!isOfOnePhoto(error)) throw error;
  }
}

/**
 * Keeps what went in and what came out, in blocks, so that what a person wants to see meanwhile goes first. Where a person
 * wished it anew before it was done, that takes its place.
 */
function lookAt(
  context: DenoiseContext,
  items: readonly TaskItem[],
  { sigma255, selfEnsemble, memoryBudgetMb }: Passes,
): DoItem {
  return async (item, { signal, urgency, tell }) => {
    const turn = <T>(work: (lease: ComputeLease) => Promise<T>, when: Urgency, onTile = tell) =>
      useTaskCompute(context, signal, { onTile }, work, when);
    await turn(async () => {
      item.facts = { ...item.facts, state: "running" };
      tell(0, 1);
    }, urgency);
    const { model, kept } = await startItem(context, items, item);
    // The photo is there to be seen.
    tell(0, 1);
    await whenNobodyWaits(items);
    const { blocks, ...open } = await turn(async (lease) => {
      const { engine, loaded, speeds } = await openNetwork(context, lease, model);
      return { engine, loaded, speeds, blocks: cutBlocks(kept.input, lookAround({ loaded }).margin) };
    }, "begun");
    const output = await createOutput(toKeep(context, item), kept.input);
    let seconds = 0;
    for (const [index, block] of blocks.entries()) {
      await whenNobodyWaits(items);
      if (await isDoneAnew(item)) break;
      const target = { file: output, x: block.x, y: block.y };
      const count = countPasses(item.request, (done, total) => tell(index * total + done, blocks.length * total));
      seconds += await turn(
        async (lease) => {
          const network = await openNetwork(context, lease, model);
          return denoiseBlock(context, network, kept, { sigma255, selfEnsemble, memoryBudgetMb }, block, target);
        },
        "begun",
        count,
      );
    }
    if (await isDoneAnew(item)) {
      await rm(output.file, { force: true });
      return {};
    }
    item.pixels = { ...kept, output };
    item.input = null;
    const facts = { ...describeInput(kept), ...(await describeBy(model, open, kept, sigma255)) };
    return { ...facts, state: "done", seconds, psnrDb: await measurePsnr(kept, output) };
  };
}

/** Tells whether a person wished another result before this one was done, and has it. */
async function isDoneAnew(item: TaskItem): Promise<boolean> {
  while (item.wished.size > 0) await Promise.allSettled(item.wished);
  return item.pixels !== null;
}

function writeFiles(context: DenoiseContext, saving: Omit<FileSaving, "model">): DoItem {
  return (item, { signal, urgency, tell }) => {
    const onTile = countPasses(item.request, tell);
    const work = async (lease: ComputeLease): Promise<Partial<DenoiseItem>> => {
      item.facts = { ...item.facts, state: "running" };
      tell(0, 1);
      const model = item.model ?? (await chooseTaskModel(context, item.photo, item.request));
      item.model = model;
      item.facts = { ...item.facts, model: model.name, why: model.why };
      const open = await openNetwork(context, lease, model);
      const planned = item.plan?.(model.mark) ?? null;
      if (planned === null) throw new Error("denoise: a result for a file must have a plan");
      const result = await denoiseOrTell(context, open, planned, { ...saving, model });
      const { error, skipped, seconds, output, engine, device, remarks } = result;
      if (error !== null) return { state: "failed", error };
      return { state: skipped ? "skipped" : "done", seconds, output, engine, device, remarks };
    };
    return useTaskCompute(context, signal, { onTile }, work, urgency);
  };
}

async function removePixels(item: TaskItem): Promise<void> {
  await item.starting?.catch(() => null);
  await Promise.all(listKeptFiles(item).map((file) => rm(file, { force: true })));
}
