import { defineStore } from "pinia";
import { shallowRef } from "vue";

import type { PreviewedPart, RedenoiseWish } from "#shared/api/denoising.ts";
import { useLab } from "#renderer/lab/labApi.ts";
import { texts } from "#renderer/texts/texts.ts";

import { useDenoise } from "./denoise.ts";
import { type SeenPart, shows } from "./seenPart.ts";
import { useToasts } from "./toasts.ts";

/** A result that is on its way while the last one is still shown. */
export interface Redoing {
  readonly wish: RedenoiseWish;
  /** Which part is at work: the one on show comes first. */
  readonly stage: "part" | "whole";
  /** The part that is there already. */
  readonly part: PreviewedPart | null;
  /** True where the whole comes from the task, in its turn. */
  readonly isPeek?: boolean;
}

/** Tells how far it is: a part that is seen small is no part of what will be saved. */
export function tellStage({ stage, part }: Redoing): Redoing["stage"] | "small" {
  return stage === "whole" && part !== null && part.shrink > 1 ? "small" : stage;
}

/** Photos that are denoised anew for another noise or by another network; for each the newest wish counts. */
export const useRedenoise = defineStore("redenoise", () => {
  const { lab } = useLab();
  const denoise = useDenoise();
  const toasts = useToasts();
  const { find, put, drop, isNewestOf } = useRedoings();

  /** Denoises a result anew: first the area, if one is given, then all. */
  async function start(wish: RedenoiseWish, seen: SeenPart | null): Promise<void> {
    // The part of the last wish stays on show until there is a newer one.
    const part = find(wish.task, wish.item)?.part ?? null;
    const own = { wish, stage: seen === null ? "whole" : "part", part } as const;
    put(own);
    const isNewest = (): boolean => isNewestOf(own);
    try {
      if (seen !== null) await showPart(own, seen);
      if (!isNewest()) return;
      const item = await lab.redenoise(wish);
      if (!isNewest()) return;
      if (item !== null) denoise.putItem(wish.task, item);
      drop(own);
    } catch (failure) {
      if (!isNewest()) return;
      drop(own);
      toasts.tellFailed(texts.denoise.notRedone, failure);
    }
  }

  /** Denoises a part of a photo before its turn comes; the whole follows with its task, which tells what goes wrong. */
  async function peek(wish: RedenoiseWish, seen: SeenPart): Promise<void> {
    const part = find(wish.task, wish.item)?.part ?? null;
    const own = { wish, stage: "part", part, isPeek: true } as const;
    put(own);
    await showPart(own, seen).catch(() => {
      if (isNewestOf(own)) drop(own);
    });
  }

  /** First what takes about a second, then all that is on show, as sharp as it is seen. */
  async function showPart(own: Redoing, seen: SeenPart): Promise<void> {
    for (const isQuick of [true, false]) {
      const part = await lab.previewDenoised({ ...own.wish, ...seen, isQuick });
      if (!isNewestOf(own)) return;
      const isAll = part === null || shows(part, seen);
      put({ ...own, stage: isAll ? "whole" : "part", part: part ?? own.part });
      if (isAll) return;
    }
  }

  /** The whole is there, or nobody looks any more. */
  function forgetPeek(task: string, item: number): void {
    const redoing = find(task, item);
    if (redoing?.isPeek === true) drop(redoing);
  }

  return { find, start, peek, forgetPeek };
});

/** What is on its way, by photo. */
function useRedoings() {
  const all = shallowRef<ReadonlyMap<string, Redoing>>(new Map());
  const find = (task: string, item: number): Redoing | null => all.value.get(toKey({ task, item })) ?? null;
  return {
    find,
    put: (redoing: Redoing): void => {
      all.value = new Map(all.value).set(toKey(redoing.wish), redoing);
    },
    drop: ({ wish }: Redoing): void => {
      const rest = new Map(all.value);
      rest.delete(toKey(wish));
      all.value = rest;
    },
    isNewestOf: ({ wish }: Redoing): boolean => find(wish.task, wish.item)?.wish === wish,
  };
}

function toKey({ task, item }: Pick<RedenoiseWish, "task" | "item">): string {
  return `${task} ${item}`;
}
