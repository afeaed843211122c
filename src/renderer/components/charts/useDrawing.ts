import { useElementVisibility } from "@vueuse/core";
import { type Ref, onBeforeUnmount, onMounted, watch } from "vue";

import { chartQueue } from "./drawQueue.ts";

/** Drawing more often than this is not seen. */
const REDRAW_MS = 200;

/**
 * Draws a chart when it is mounted and when it is asked for, in line with all others, and not while nobody can see it: what was
 * missed is made up for as soon as the chart comes into sight.
 */
export function useDrawing(box: Readonly<Ref<HTMLElement | null>>, draw: () => void) {
  const isVisible = useElementVisibility(box);
  let isStale = true;
  let timer: ReturnType<typeof setTimeout> | null = null;

  const drawNow = (): void => {
    isStale = false;
    draw();
  };
  const enqueue = (): void => {
    timer = null;
    chartQueue.add(drawNow);
  };
  const request = (wait: () => void): void => {
    isStale = true;
    if (isVisible.value) wait();
  };

  // The first picture is there before anybody scrolls to it.
  onMounted(enqueue);
  onBeforeUnmount(() => {
    if (timer !== null) clearTimeout(timer);
    chartQueue.remove(drawNow);
  });
  watch(isVisible, (is) => {
    if (is && isStale) enqueue();
  });

  return {
    /** For what a person does. */
    drawNext: () => request(enqueue),
    /** For what comes by itself, all the time. */
    drawSoon: () => request(() => (timer ??= setTimeout(enqueue, REDRAW_MS))),
    /** Makes sure that the picture is up to date, at once. */
    bringUpToDate: () => {
      if (isStale) drawNow();
    },
  };
}
