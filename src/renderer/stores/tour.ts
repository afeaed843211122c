import { useStorage } from "@vueuse/core";
import { defineStore } from "pinia";
import { computed, ref } from "vue";

import type { Catalogue } from "#renderer/texts/texts.ts";

/** A step of the tour is named by the room that it stands in. */
export type TourStep = keyof Catalogue["tour"]["steps"];

/** The steps in their order. */
export const TOUR_STEPS: readonly TourStep[] = ["home", "datasets", "search", "train", "denoise", "settings"];

/** Where a tour of the rooms is. It is offered in this browser until it was seen or declined. */
export const useTour = defineStore("tour", () => {
  const wasSeen = useStorage("hinas.tour.seen", false);
  const place = ref<number | null>(null);
  const step = computed(() => (place.value === null ? null : (TOUR_STEPS[place.value] ?? null)));

  function end(): void {
    place.value = null;
    wasSeen.value = true;
  }

  function move(by: 1 | -1): void {
    if (place.value === null) return;
    place.value = Math.max(0, place.value + by);
    if (place.value >= TOUR_STEPS.length) end();
  }

  return {
    step,
    place,
    isOffered: computed(() => !wasSeen.value && place.value === null),
    start: () => {
      place.value = 0;
    },
    move,
    end,
  };
});
