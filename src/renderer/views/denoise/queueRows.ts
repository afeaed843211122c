import type { DenoiseItem } from "#shared/api/denoising.ts";
import type { Task } from "#shared/api/tasks.ts";

import { asOfNow, groupByPhoto, type PhotoResult } from "./photoResults.ts";

/** A line of the queue: the head of a session, or one of its photos. */
export type QueueRow =
  | { readonly kind: "session"; readonly key: string; readonly task: Task; readonly photos: readonly PhotoResult[] }
  | { readonly kind: "photo"; readonly key: string; readonly task: Task; readonly photo: PhotoResult };

/** Photos by the items that they were gathered from: tiles that are done change no item, and come often. */
const gathered = new WeakMap<readonly DenoiseItem[], readonly PhotoResult[]>();

/** Gathers items by photo as they are now; of thousands only the photo at work is looked at again. */
function photosOf(items: readonly DenoiseItem[], task: Task): readonly PhotoResult[] {
  let photos = gathered.get(items);
  if (photos === undefined) {
    photos = groupByPhoto(items);
    gathered.set(items, photos);
  }
  const atWork = task.progress?.current == null ? undefined : items[task.progress.done];
  if (atWork === undefined) return photos;
  return photos.map((photo) =>
    photo.source === atWork.source ? { ...photo, items: asOfNow(photo.items, task) } : photo,
  );
}

/** Lists all sessions with their photos, newest session first; folded ones keep their head only. */
export function buildQueueRows(
  sessions: readonly Task[],
  items: ReadonlyMap<string, readonly DenoiseItem[]>,
  folded: ReadonlySet<string>,
): readonly QueueRow[] {
  return sessions.flatMap((task): readonly QueueRow[] => {
    const photos = photosOf(items.get(task.id) ?? [], task);
    const head: QueueRow = { kind: "session", key: task.id, task, photos };
    if (folded.has(task.id)) return [head];
    return [
      head,
      ...photos.map((photo): QueueRow => ({ kind: "photo", key: `${task.id} ${photo.source}`, task, photo })),
    ];
  });
}
