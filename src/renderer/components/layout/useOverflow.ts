import { useMutationObserver, useResizeObserver } from "@vueuse/core";
import { type Ref, shallowRef } from "vue";

/** Tells whether an element holds more than it shows, so that it scrolls: by keyboard only where it can take the focus. */
export function useOverflow(box: Readonly<Ref<HTMLElement | null>>): Readonly<Ref<boolean>> {
  const overflows = shallowRef(false);
  const parts = shallowRef<readonly HTMLElement[]>([]);
  const measure = (): void => {
    const { value } = box;
    overflows.value =
      value !== null && (value.scrollHeight > value.clientHeight || value.scrollWidth > value.clientWidth);
  };
  const list = (): void => {
    parts.value = box.value === null ? [] : ([...box.value.children] as HTMLElement[]);
  };
  useMutationObserver(box, list, { childList: true });
  useResizeObserver(box, () => {
    if (parts.value.length === 0) list();
    measure();
  });
  useResizeObserver(() => [...parts.value], measure);
  return overflows;
}
