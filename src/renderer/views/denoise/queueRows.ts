import type { DenoiseItem } from "#shared/api/denoising.ts";
import type { Task } from "#shared/api/tasks.ts";

import { asOfNow, groupByPhoto, type PhotoResult } from "./photoResults.ts";

/** A line of the queue: the head of a session, or one of its photos. */
export type QueueRow =
  | { readonly kind: "session"; readonly key: string; readonly task: Task; readonly photos: readonly PhotoResult[] }
  | { readonly kind: "photo"; readonly key: string; readonly task: Task; readonly photo: PhotoResult };

/** Lists all sessions with their photos, newest session first; folded ones keep their head only. */
export function buildQueueRows(
  sessions: readonly Task[],
  items: ReadonlyMap<string, readonly DenoiseItem[]>,
  folded: ReadonlySet<string>,
): readonly QueueRow[] {
  return sessions.flatMap((task): readonly QueueRow[] => {
    const photos = groupByPhoto(asOfNow(items.get(task.id) ?? [], task));
    const head: QueueRow = { kind: "session", key: task.id, task, photos };
    if (folded.has(task.id)) return [head];
    return [
      head,
      ...photos.map((photo): QueueRow => ({ kind: "photo", key: `${task.id} ${photo.source}`, task, photo })),
    ];
  });
}
