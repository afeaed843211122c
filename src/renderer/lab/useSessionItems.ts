import { shallowRef, watch } from "vue";

import type { DenoiseItem } from "#shared/api/denoising.ts";
import type { Task } from "#shared/api/tasks.ts";
import { useToasts } from "#renderer/stores/toasts.ts";
import { texts } from "#renderer/texts/texts.ts";

import { useLab } from "./labApi.ts";

const PAGE_SIZE = 500;
/** As a session goes on, some items change at a time. */
const NEWS_SIZE = 25;

/** One page of a task's items. */
export type ReadPage = (
  offset: number,
  limit: number,
) => Promise<{ readonly total: number; readonly items: readonly DenoiseItem[] }>;

/** Keeps the items of all sessions as they are in the lab, asking again whenever a session gets further. */
export function useSessionItems(sessions: () => readonly Task[]) {
  const { lab } = useLab();
  const toasts = useToasts();
  const items = shallowRef<ReadonlyMap<string, readonly DenoiseItem[]>>(new Map());
  const seen = new Map<string, string>();
  const asking = new Set<string>();

  async function follow(task: Task): Promise<void> {
    const mark = toMark(task);
    if (seen.get(task.id) === mark || asking.has(task.id)) return;
    asking.add(task.id);
    try {
      const readPage = (offset: number, limit: number) => lab.listDenoiseItems({ task: task.id, offset, limit });
      const updated = await updateItems(items.value.get(task.id) ?? [], readPage);
      seen.set(task.id, mark);
      items.value = new Map(items.value).set(task.id, updated);
    } catch (failure) {
      seen.set(task.id, mark);
      if (isThere(task.id)) toasts.tellFailed(texts.denoise.notListed, failure);
    } finally {
      asking.delete(task.id);
    }
    const now = sessions().find(({ id }) => id === task.id);
    if (now !== undefined) await follow(now);
  }

  function isThere(id: string): boolean {
    return sessions().some((session) => session.id === id);
  }

  watch(
    sessions,
    (all) => {
      for (const task of all) void follow(task);
      const gone = [...items.value.keys()].filter((id) => !isThere(id));
      if (gone.length === 0) return;
      items.value = new Map([...items.value].filter(([id]) => !gone.includes(id)));
      for (const id of gone) seen.delete(id);
    },
    { immediate: true },
  );

  /** Takes in what the lab answered of one item. */
  function put(task: string, item: DenoiseItem): void {
    const known = items.value.get(task);
    if (known === undefined) return;
    items.value = new Map(items.value).set(
      task,
      known.map((each) => (each.index === item.index ? item : each)),
    );
  }

  return { items, put };
}

/**
 * Brings what is known of a task's items up to date: reads from the first that was not settled, page by page, until
 * nothing further can have changed, for items are done in their order.
 */
export async function updateItems(known: readonly DenoiseItem[], readPage: ReadPage): Promise<readonly DenoiseItem[]> {
  const items = [...known];
  const first = known.findIndex(isOpen);
  let offset = first === -1 ? known.length : first;
  for (;;) {
    const page = await readPage(offset, offset < known.length ? NEWS_SIZE : PAGE_SIZE);
    items.splice(offset, page.items.length, ...page.items);
    offset += page.items.length;
    const last = page.items.at(-1);
    const isRest = offset <= known.length && last?.state === "waiting";
    if (last === undefined || offset >= page.total || isRest) return items;
  }
}

function isOpen({ state }: DenoiseItem): boolean {
  return state === "waiting" || state === "running";
}

/** Changes when items of the task may have changed; tiles change none. */
function toMark({ state, progress }: Task): string {
  return `${state} ${progress?.done ?? 0} ${progress?.current?.name ?? ""}`;
}
