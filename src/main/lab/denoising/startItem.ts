import { type TaskComputeContext, useTaskCompute } from "#main/lab/tasks/taskCompute.ts";

import { type DenoiseEngineContext, openNetwork } from "./denoiseEngine.ts";
import type { KeptInput, StartedItem, TaskItem } from "./denoiseItems.ts";
import { type KeepContext, keepInput } from "./keptInput.ts";
import { chooseTaskModel, type ChoiceContext, type TaskModel } from "./taskModels.ts";

/** What items are begun with. */
export type StartContext = KeepContext & ChoiceContext & TaskComputeContext & DenoiseEngineContext;

/**
 * Chooses an item's model, where nobody named one, and keeps its photo as that gets it: once, whoever asks, the task in its
 * turn or a person who looks at it. `siblings` are the items of the task, of which those of the same photo share it. Throws
 * LabError, and tries again when asked again.
 */
export function startItem(context: StartContext, siblings: readonly TaskItem[], item: TaskItem): Promise<StartedItem> {
  item.starting ??= begin(context, siblings, item).catch((error: unknown) => {
    item.starting = null;
    throw error;
  });
  return item.starting;
}

async function begin(context: StartContext, siblings: readonly TaskItem[], item: TaskItem): Promise<StartedItem> {
  const model = item.model ?? (await chooseTaskModel(context, item.photo, item.request));
  item.model = model;
  item.facts = { ...item.facts, model: model.name, why: model.why };
  const channels = await channelsFor(context, item, model);
  const kept =
    (await findShared(siblings, item, channels)) ??
    (await keepInput(toKeep(context, item), item.photo, item.request, channels));
  item.input = kept;
  const { width, height } = kept.input;
  const { bitDepth, estimatedSigma255 } = kept;
  item.facts = { ...item.facts, width, height, channels: kept.input.channels, bitDepth, estimatedSigma255 };
  return { model, kept };
}

/** What an item's pixels are kept with: they lie where its session does. */
export function toKeep(context: KeepContext, { session }: TaskItem): KeepContext {
  return session === null ? context : { photos: context.photos, work: session };
}

/** In how many channels a network takes photos matters for added noise alone, which depends on them. */
async function channelsFor(context: StartContext, { request }: TaskItem, model: TaskModel): Promise<1 | 3> {
  if (request.addNoise === null) return 3;
  if (model.kept !== null) return model.kept.card.network.imageChannels;
  const open = await useTaskCompute(context, null, {}, (lease) => openNetwork(context, lease, model), "urgent");
  return open.loaded.network.imageChannels;
}

/** A photo that several models get alike is read and made noisy once. */
async function findShared(siblings: readonly TaskItem[], item: TaskItem, channels: 1 | 3): Promise<KeptInput | null> {
  for (const other of siblings) {
    if (other === item || other.photo !== item.photo) continue;
    // Of two that begin at once the later one waits for the earlier, which never waits for it.
    if (other.input === null && other.facts.index < item.facts.index) await other.starting?.catch(() => null);
    const kept = other.pixels ?? other.input;
    if (kept?.imageChannels === channels) return kept;
  }
  return null;
}
