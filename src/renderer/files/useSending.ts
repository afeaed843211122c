import { shallowReadonly, shallowRef } from "vue";

import { useLab } from "#renderer/lab/labApi.ts";
import { useToasts } from "#renderer/stores/toasts.ts";
import { texts } from "#renderer/texts/texts.ts";

/** Photos on their way to the lab's computer. */
export interface Sending {
  readonly total: number;
  readonly sent: number;
}

/** Sends photos from a browser to the computer that the lab runs on. */
export function useSending() {
  const { uploadPhoto } = useLab();
  const toasts = useToasts();
  const sending = shallowRef<Sending | null>(null);
  let stop: AbortController | null = null;

  /** Sends photos one after the other; those that are refused are told of and leave the others alone. */
  async function send(photos: readonly File[]): Promise<readonly string[]> {
    const abort = new AbortController();
    stop = abort;
    const paths: string[] = [];
    for (const [sent, photo] of photos.entries()) {
      sending.value = { total: photos.length, sent };
      try {
        paths.push(await uploadPhoto(photo, abort.signal));
      } catch (failure) {
        if (abort.signal.aborted) break;
        toasts.tellFailed(texts.denoise.notSent(photo.name), failure);
      }
    }
    sending.value = null;
    stop = null;
    return abort.signal.aborted ? [] : paths;
  }

  return { sending: shallowReadonly(sending), send, cancelSending: () => stop?.abort() };
}
