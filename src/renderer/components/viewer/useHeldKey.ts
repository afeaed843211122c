import { useEventListener } from "@vueuse/core";
import { type Ref, shallowReadonly, shallowRef } from "vue";

import { isDialogOpen } from "#renderer/components/layout/isDialogOpen.ts";

/**
 * Tells which of these keys is held down, for what is shown only as long as a key is; null for none. Fields and buttons
 * keep the keys that mean something to them, and a dialog keeps all.
 */
export function useHeldKey<Key extends string>(keys: readonly Key[]): Readonly<Ref<Key | null>> {
  const held = shallowRef<Key | null>(null);
  const toKey = (event: KeyboardEvent): Key | undefined => keys.find((key) => key === event.key.toLowerCase());

  useEventListener(window, "keydown", (event) => {
    const key = toKey(event);
    if (
      key === undefined ||
      event.defaultPrevented ||
      event.ctrlKey ||
      event.metaKey ||
      event.altKey ||
      isOfTarget(event) ||
      isDialogOpen()
    )
      return;
    event.preventDefault();
    held.value = key;
  });
  useEventListener(window, "keyup", (event) => {
    if (toKey(event) === held.value) held.value = null;
  });
  // The release of a key is not told to a window that has lost the focus.
  useEventListener(window, "blur", () => (held.value = null));
  return shallowReadonly(held);
}

/** Letters belong to whatever is typed into, the space bar to whatever can be pressed. */
function isOfTarget({ key, target }: KeyboardEvent): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target.matches("input, textarea, select")) return true;
  return key === " " && target.closest("button, a, summary, [role=option], [role=menuitem], [role=slider]") !== null;
}
