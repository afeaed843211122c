import { useRafFn } from "@vueuse/core";
import { computed, type Ref, ref, watch } from "vue";

import { secondsToPlay } from "#shared/runs/playTime.ts";
import { type ArchView, type ViewedSpace, viewArch } from "#shared/space/cells/archView.ts";
import { momentAt } from "#shared/space/cells/mixArch.ts";
import type { ArchMilestone } from "#renderer/run/runHistory.ts";

/**
 * The one clock of a search that is played: it runs from an epoch to the last, and everything that is shown is what lies
 * between the epochs on both sides. `goTo` is told of each epoch that is passed.
 */
export function usePlay(
  archs: Readonly<Ref<readonly ArchMilestone[]>>,
  space: Readonly<Ref<ViewedSpace | null>>,
  goTo: (index: number) => void,
) {
  /** Place among the epochs; null while nothing is played. */
  const place = ref<number | null>(null);
  const { pause, resume } = useRafFn(
    ({ delta }) => {
      if (place.value === null) return;
      const last = archs.value.length - 1;
      const next = place.value + (delta / 1000) * (last / secondsToPlay(archs.value.length));
      if (next >= last) stop();
      else place.value = next;
      goTo(Math.min(last, Math.floor(next)));
    },
    { immediate: false },
  );

  function stop(): void {
    pause();
    place.value = null;
  }

  /** Plays from an epoch; from the first where that is the last. */
  function start(from: number): void {
    if (archs.value.length < 2) return;
    place.value = from >= archs.value.length - 1 ? 0 : Math.max(0, from);
    goTo(Math.floor(place.value));
    resume();
  }

  const view = computed((): ArchView | null =>
    place.value === null || space.value === null ? null : viewArch(momentAt(archs.value, place.value), space.value),
  );
  // A restart may take away the epochs that are played.
  watch(
    () => archs.value.length,
    (now, before) => {
      if (now < before) stop();
    },
  );
  return { isPlaying: computed(() => place.value !== null), view, start, stop };
}
