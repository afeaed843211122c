import { onScopeDispose, shallowRef, triggerRef, watch } from "vue";

import { inWords } from "#renderer/lab/inWords.ts";
import { texts } from "#renderer/texts/texts.ts";

/** A picture on its way, at hand, or not to be had. */
export type LoadedPicture =
  | { readonly state: "loading" }
  | { readonly state: "ready"; readonly bitmap: ImageBitmap }
  | { readonly state: "failed"; readonly message: string; readonly canRetry: boolean };

interface Entry {
  readonly abort: AbortController;
  picture: LoadedPicture;
}

/**
 * Loads the pictures of these addresses and keeps them decoded. Those that are no longer wanted stay until all wanted
 * ones are there, so that a viewer never goes blank between two pictures; then their memory is freed.
 */
export function usePictures(wanted: () => readonly string[]) {
  const entries = shallowRef(new Map<string, Entry>());

  function start(url: string): void {
    const entry: Entry = { abort: new AbortController(), picture: { state: "loading" } };
    entries.value.set(url, entry);
    void fetchPicture(url, entry.abort.signal).then((picture) => {
      if (entries.value.get(url) !== entry) {
        free(picture);
        return;
      }
      entry.picture = picture;
      freeUnwanted();
      triggerRef(entries);
    });
  }

  function freeUnwanted(): void {
    const urls = new Set(wanted());
    const isWaiting = [...urls].some((url) => entries.value.get(url)?.picture.state === "loading");
    for (const [url, entry] of entries.value) {
      if (urls.has(url) || (isWaiting && entry.picture.state === "ready")) continue;
      entries.value.delete(url);
      entry.abort.abort();
      free(entry.picture);
    }
  }

  function load(urls: readonly string[]): void {
    for (const url of urls) if (!entries.value.has(url)) start(url);
    freeUnwanted();
    triggerRef(entries);
  }

  watch(wanted, load, { immediate: true });
  onScopeDispose(() => {
    for (const { abort, picture } of entries.value.values()) {
      abort.abort();
      free(picture);
    }
    entries.value.clear();
  });

  return {
    find: (url: string): LoadedPicture | null => entries.value.get(url)?.picture ?? null,
    /** Tries again what failed. */
    retry: () => {
      for (const [url, { picture }] of entries.value) if (picture.state === "failed") entries.value.delete(url);
      load(wanted());
    },
  };
}

export type Pictures = ReturnType<typeof usePictures>;

/** Of an answer: from here on the fault is not in what was asked for. */
const SERVER_FAULT = 500;

async function fetchPicture(url: string, signal: AbortSignal): Promise<LoadedPicture> {
  try {
    const response = await fetch(url, { signal });
    if (!response.ok) {
      // What the lab refuses it refuses again; what went wrong inside it may not.
      const canRetry = response.status >= SERVER_FAULT;
      return { state: "failed", message: inWords((await response.text()).trim()), canRetry };
    }
    return { state: "ready", bitmap: await createImageBitmap(await response.blob()) };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { state: "failed", message: error instanceof TypeError ? texts.viewer.noAnswer : message, canRetry: true };
  }
}

function free(picture: LoadedPicture): void {
  if (picture.state === "ready") picture.bitmap.close();
}
