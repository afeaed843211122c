import { useEventListener } from "@vueuse/core";

import { isDialogOpen } from "#renderer/components/layout/isDialogOpen.ts";

/** What keys do: a key (`?`, `Escape`) or two pressed one after the other (`g h`). */
export type Shortcuts = Readonly<Record<string, () => void>>;

/** How long the first of two keys waits for the second. */
const CHORD_MS = 1200;

/**
 * Listens for keys while the component that asks for them is shown; what is typed into a field, and
 * what is pressed in a dialog, does nothing behind it.
 */
export function useShortcuts(shortcuts: Shortcuts): void {
  let first: { readonly key: string; readonly atMs: number } | null = null;
  useEventListener(window, "keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || isTyping(event.target)) return;
    if (isDialogOpen()) return;
    const chord = first !== null && event.timeStamp - first.atMs < CHORD_MS ? `${first.key} ${event.key}` : null;
    first = { key: event.key, atMs: event.timeStamp };
    const act = (chord === null ? undefined : shortcuts[chord]) ?? shortcuts[event.key];
    if (act === undefined) return;
    event.preventDefault();
    first = null;
    act();
  });
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
}
