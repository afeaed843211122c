import { ref, shallowRef, triggerRef } from "vue";

import type { PhotoFacts, PhotoPage } from "#shared/api/datasets.ts";
import { useLab } from "#renderer/lab/labApi.ts";
import { useLoading } from "#renderer/lab/useLoading.ts";

const PAGE_SIZE = 200;

/** The photos of a data set, fetched a page at a time as they come into view. */
export function usePhotoPages(dataset: string) {
  const { lab } = useLab();
  const total = ref<number | null>(null);
  const split = shallowRef<PhotoPage["split"]>(null);
  const photos = shallowRef(new Map<number, PhotoFacts>());
  const asked = new Set<number>();

  async function loadPage(page: number): Promise<void> {
    if (asked.has(page)) return;
    asked.add(page);
    try {
      const offset = page * PAGE_SIZE;
      const found = await lab.listDatasetPhotos({ dataset, offset, limit: PAGE_SIZE });
      total.value = found.total;
      split.value = found.split;
      for (const [index, photo] of found.photos.entries()) photos.value.set(offset + index, photo);
      triggerRef(photos);
    } catch (failure) {
      asked.delete(page);
      throw failure;
    }
  }

  const { error, canRetry, load } = useLoading(() => {
    asked.clear();
    return loadPage(0);
  });

  return {
    total,
    split,
    photos,
    error,
    canRetry,
    load,
    /** Fetches what is missing between two places, both included. */
    need: async (first: number, last: number): Promise<void> => {
      const pages = [Math.floor(first / PAGE_SIZE), Math.floor(last / PAGE_SIZE)];
      await Promise.all([...new Set(pages)].map(loadPage));
    },
  };
}

export type PhotoPages = ReturnType<typeof usePhotoPages>;
