import { defineStore } from "pinia";
import { shallowRef } from "vue";

import type { RedenoiseWish } from "#shared/api/denoising.ts";
import type { Rectangle } from "#shared/image/geometry.ts";
import { useLab } from "#renderer/lab/labApi.ts";
import { texts } from "#renderer/texts/texts.ts";

import { useDenoise } from "./denoise.ts";
import { useToasts } from "./toasts.ts";

/** A result that is on its way while the last one is still shown. */
export interface Redoing {
  readonly wish: RedenoiseWish;
  /** Which part is at work: the one on show comes first. */
  readonly stage: "part" | "whole";
  /** The part that is there already. */
  readonly part: { readonly area: Rectangle; readonly revision: number } | null;
}

/** Photos that are denoised anew for another noise or by another network; for each the newest wish counts. */
export const useRedenoise = defineStore("redenoise", () => {
  const { lab } = useLab();
  const denoise = useDenoise();
  const toasts = useToasts();
  const all = shallowRef<ReadonlyMap<string, Redoing>>(new Map());

  const find = (task: string, item: number): Redoing | null => all.value.get(toKey({ task, item })) ?? null;

  function put(redoing: Redoing): Redoing {
    all.value = new Map(all.value).set(toKey(redoing.wish), redoing);
    return redoing;
  }

  function drop({ wish }: Redoing): void {
    const rest = new Map(all.value);
    rest.delete(toKey(wish));
    all.value = rest;
  }

  /** Denoises a result anew: first the area, if one is given, then all. */
  async function start(wish: RedenoiseWish, area: Rectangle | null): Promise<void> {
    // The part of the last wish stays on show until there is a newer one.
    const part = find(wish.task, wish.item)?.part ?? null;
    let own = put({ wish, stage: area === null ? "whole" : "part", part });
    const isNewest = (): boolean => find(wish.task, wish.item)?.wish === wish;
    try {
      if (area !== null) {
        const revision = await lab.previewDenoised({ ...wish, area });
        if (!isNewest()) return;
        if (revision !== null) own = put({ wish, stage: "whole", part: { area, revision } });
      }
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

  return { find, start };
});

function toKey({ task, item }: Pick<RedenoiseWish, "task" | "item">): string {
  return `${task} ${item}`;
}
