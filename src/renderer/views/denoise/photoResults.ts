import type { DenoiseItem } from "#shared/api/denoising.ts";
import type { Task, TaskProgress } from "#shared/api/tasks.ts";

/** One photo of a task with what each network made of it. */
export interface PhotoResult {
  readonly source: string;
  readonly name: string;
  readonly items: readonly DenoiseItem[];
}

/** How far a photo is: with all networks, or what stopped it. */
export type PhotoState = DenoiseItem["state"];

/** Gathers the items of a task by photo, in the order in which the photos came. */
export function groupByPhoto(items: readonly DenoiseItem[]): readonly PhotoResult[] {
  const groups = new Map<string, DenoiseItem[]>();
  for (const item of items) {
    const group = groups.get(item.source);
    if (group === undefined) groups.set(item.source, [item]);
    else group.push(item);
  }
  return [...groups].map(([source, group]) => ({ source, name: group[0]?.name ?? source, items: group }));
}

/** Says how far a photo is as a whole: what runs or failed counts before what is done. */
export function stateOfPhoto({ items }: PhotoResult): PhotoState {
  const has = (state: PhotoState): boolean => items.some((item) => item.state === state);
  if (has("running")) return "running";
  if (has("failed")) return "failed";
  if (has("waiting")) return has("done") || has("skipped") ? "running" : "waiting";
  return has("done") ? "done" : "skipped";
}

/** Returns the share of a photo that is done, 0..1, the tiles of the network at work included. */
export function shareOfPhoto({ items }: PhotoResult, progress: TaskProgress | null): number {
  const tiles = progress?.current;
  const shares = items.map(({ state }) => {
    if (state === "running") return tiles ? tiles.tilesDone / tiles.tilesTotal : 0;
    return state === "waiting" ? 0 : 1;
  });
  return shares.reduce((sum, share) => sum + share, 0) / Math.max(1, shares.length);
}

/** Tells whether a result is kept to look at; results that went into files are not. */
export function isKept({ state, output }: DenoiseItem): boolean {
  return state === "done" && output === null;
}

/** Tells whether a result can be looked at: it is kept, or lies in a file. */
export function isViewable(item: DenoiseItem): boolean {
  return isKept(item) || (item.isFile && item.output !== null && (item.state === "done" || item.state === "skipped"));
}

/** Tells whether a photo is still to be denoised, to be looked at. */
export function isToCome({ items }: PhotoResult, { endedAt }: Task): boolean {
  return endedAt === null && items.some(({ state, isFile }) => !isFile && (state === "waiting" || state === "running"));
}

/** The items as they are now: a task tells of the one at work sooner than the list does. */
export function asOfNow(items: readonly DenoiseItem[], { state, progress }: Task): readonly DenoiseItem[] {
  if (state !== "running" || progress?.current == null) return items;
  return items.map((item) =>
    item.index === progress.done && item.state === "waiting" ? { ...item, state: "running" } : item,
  );
}
