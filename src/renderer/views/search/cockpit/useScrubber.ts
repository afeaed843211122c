import { computed, type Ref, ref, watch } from "vue";

import type { ArchView } from "#shared/space/cells/archView.ts";

/** The one place that says which epoch all pictures of a search show: a past one, or always the newest. */
export function useScrubber(views: Readonly<Ref<readonly ArchView[]>>) {
  /** The epoch that the person chose; null follows the newest. */
  const chosen = ref<number | null>(null);
  const index = computed(() => {
    const found = chosen.value === null ? -1 : views.value.findIndex(({ epoch }) => epoch === chosen.value);
    return found === -1 ? views.value.length - 1 : found;
  });
  const current = computed(() => views.value[index.value] ?? null);

  function goTo(to: number): void {
    const last = views.value.length - 1;
    const bounded = Math.max(0, Math.min(last, to));
    chosen.value = bounded === last ? null : (views.value[bounded]?.epoch ?? null);
  }

  // A resumed run may have lost the chosen epoch.
  watch(views, (all) => {
    if (chosen.value !== null && !all.some(({ epoch }) => epoch === chosen.value)) chosen.value = null;
  });

  return {
    index,
    current,
    isFollowing: computed(() => chosen.value === null),
    goTo,
    step: (by: number) => goTo(index.value + by),
    follow: () => (chosen.value = null),
    /** Goes to the epoch whose `at` is nearest to `x`. */
    goToNearest: (x: number, at: (view: ArchView) => number) => {
      let nearest = -1;
      let distance = Infinity;
      for (const [position, view] of views.value.entries()) {
        const gap = Math.abs(at(view) - x);
        if (gap < distance) [nearest, distance] = [position, gap];
      }
      if (nearest !== -1) goTo(nearest);
    },
  };
}
