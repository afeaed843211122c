import type { TaskBoard } from "#main/lab/tasks/tasks.ts";
import { LabError } from "#shared/labError.ts";
import type { Task } from "#shared/api/tasks.ts";

import { makeItems, type PlanContext, type TaskItem } from "./denoiseItems.ts";
import type { DenoisedContext, SessionsContext } from "./denoiseTasks.ts";
import { isThere, type SessionFolder } from "./sessionFolder.ts";
import { openPixels, resultSchema, sessionSchema, type StoredResult } from "./storedSession.ts";
import { findTaskModel, type TaskModel } from "./taskModels.ts";

/** What sessions of earlier processes are found again with. */
export type RestoreContext = PlanContext &
  DenoisedContext &
  SessionsContext & { readonly tasks: Pick<TaskBoard, "restore"> };

/**
 * Finds again what was denoised to look at before the program was ended, however it was ended. What was not done by then is
 * told so; a session of which nothing is there is removed. Never throws: what cannot be read is logged and left.
 */
export async function restoreSessions(context: RestoreContext): Promise<void> {
  for (const folder of await context.sessions.adopt()) {
    try {
      await restoreSession(context, folder);
    } catch (error) {
      context.log(`${folder.folder}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}

async function restoreSession(context: RestoreContext, folder: SessionFolder): Promise<void> {
  const stored = await folder.read();
  const session = sessionSchema.safeParse(stored?.session);
  // A later version's session stays for that.
  if (stored !== null && !session.success) throw new LabError("bad_data", "this session is of another version");
  const results = new Map<number, StoredResult>();
  for (const line of stored?.lines ?? []) {
    const result = resultSchema.safeParse(line);
    if (result.success) results.set(result.data.facts.index, result.data);
  }
  if (!session.success || results.size === 0) {
    await folder.remove();
    return;
  }
  const { id, title, createdAt, request, photos } = session.data;
  const planned = photos.map(({ name, source }) => ({ photo: { name, source }, model: null, plan: null }));
  const items = makeItems(planned, request, folder);
  const models = new Map<string, TaskModel | null>();
  for (const item of items) {
    const result = results.get(item.facts.index);
    if (result !== undefined) await restoreItem(context, folder, item, result, models);
    else item.facts = { ...item.facts, model: photos[item.facts.index]?.model ?? null };
  }
  context.denoised.set(id, items);
  context.tasks.restore(toTask({ id, title, createdAt }, items), async () => {
    context.denoised.delete(id);
    await folder.remove();
  });
}

async function restoreItem(
  context: RestoreContext,
  { folder }: SessionFolder,
  item: TaskItem,
  { facts, kept }: StoredResult,
  models: Map<string, TaskModel | null>,
): Promise<void> {
  item.facts = facts;
  if (kept === null || facts.model === null) return;
  const pixels = openPixels(folder, kept);
  const files = [pixels.input.file, pixels.output.file, ...(pixels.clean === null ? [] : [pixels.clean.file])];
  const areThere = (await Promise.all(files.map(isThere))).every(Boolean);
  if (!models.has(facts.model)) {
    models.set(facts.model, await findTaskModel(context, facts.model, item.request).catch(() => null));
  }
  const model = models.get(facts.model) ?? null;
  if (areThere && model !== null) {
    item.pixels = pixels;
    item.model = { ...model, why: facts.why };
    return;
  }
  const error = areThere ? `the network ${facts.model} is not there any more` : "its result is not there any more";
  item.facts = { ...facts, state: "failed", error };
}

/** A task whose program ended before it was done counts as cancelled. */
function toTask({ id, title, createdAt }: Pick<Task, "id" | "title" | "createdAt">, items: readonly TaskItem[]): Task {
  const isDone = items.every(({ facts: { state } }) => state !== "waiting" && state !== "running");
  const failed = items.filter(({ facts }) => facts.state === "failed").length;
  return {
    id,
    kind: "denoise",
    title,
    state: isDone ? "finished" : "cancelled",
    progress: null,
    secondsLeft: null,
    error: null,
    outcome: isDone ? { kind: "denoise", done: items.length - failed, failed } : null,
    createdAt,
    endedAt: createdAt,
  };
}
