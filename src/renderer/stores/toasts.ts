import { defineStore } from "pinia";
import { shallowRef } from "vue";

import { tellFailure } from "#renderer/lab/inWords.ts";

export interface Toast {
  readonly id: number;
  readonly tone: "good" | "bad";
  readonly title: string;
  readonly text: string;
}

/** How many messages are shown at once; older ones leave. */
const SHOWN_AT_ONCE = 4;

/** Short messages in the corner: what was done, and what went wrong. */
export const useToasts = defineStore("toasts", () => {
  const shown = shallowRef<readonly Toast[]>([]);
  let count = 0;

  function show(tone: Toast["tone"], title: string, text = ""): void {
    count++;
    const others = shown.value.filter((toast) => toast.title !== title || toast.text !== text);
    shown.value = [...others, { id: count, tone, title, text }].slice(-SHOWN_AT_ONCE);
  }

  return {
    shown,
    tellDone: (title: string, text?: string) => show("good", title, text),
    tellFailed: (title: string, error: unknown) => show("bad", title, tellFailure(error)),
    dismiss: (id: number) => {
      shown.value = shown.value.filter((toast) => toast.id !== id);
    },
  };
});
