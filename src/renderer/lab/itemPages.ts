import type { DenoiseItem } from "#shared/api/denoising.ts";

/** One page of a task's items. */
export type ReadPage = (offset: number) => Promise<{ readonly total: number; readonly items: readonly DenoiseItem[] }>;

/**
 * Brings what is known of a task's items up to date: reads from the first that was not settled, page by page, until
 * nothing further can have changed, for items are done in their order.
 */
export async function updateItems(known: readonly DenoiseItem[], readPage: ReadPage): Promise<readonly DenoiseItem[]> {
  const items = [...known];
  const first = known.findIndex(isOpen);
  let offset = first === -1 ? known.length : first;
  for (;;) {
    const page = await readPage(offset);
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
