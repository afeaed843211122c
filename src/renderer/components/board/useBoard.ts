import { useStorage } from "@vueuse/core";
import { computed, type MaybeRefOrGetter, readonly, ref, toValue } from "vue";

import { movePlace, type PanelPlace, settlePlaces, stepPlace } from "./panelPlaces.ts";

/** A panel that a board can show, and its size in columns, of twelve, and rows on wide and on narrow windows. */
export interface BoardPanel {
  readonly id: string;
  readonly title: string;
  readonly wide: readonly [columns: number, rows: number];
  readonly narrow: readonly [columns: number, rows: number];
}

/** A panel that is shown, as the person wants it. */
export interface ShownPanel extends BoardPanel {
  readonly isLarge: boolean;
}

/** Which panels a page shows, in which order and how large; remembered by `key` for all pages of its kind. */
export function useBoard(key: string, panels: MaybeRefOrGetter<readonly BoardPanel[]>) {
  const remembered = useStorage<readonly PanelPlace[]>(key, []);
  const dragged = ref<string | null>(null);
  const ids = computed(() => toValue(panels).map(({ id }) => id));
  const places = computed(() => settlePlaces(ids.value, remembered.value));
  const shown = computed((): readonly ShownPanel[] => {
    const byId = new Map(toValue(panels).map((panel) => [panel.id, panel]));
    return places.value.flatMap(({ id, isHidden, isLarge }) => {
      const panel = byId.get(id);
      return panel === undefined || isHidden ? [] : [{ ...panel, isLarge }];
    });
  });

  /** Keeps also what is remembered of panels that other runs have and this one has not. */
  function remember(next: readonly PanelPlace[]): void {
    const others = remembered.value.filter(({ id }) => !ids.value.includes(id));
    remembered.value = [...next, ...others];
  }

  function change(id: string, wish: Partial<PanelPlace>): void {
    remember(places.value.map((place) => (place.id === id ? { ...place, ...wish } : place)));
  }

  return {
    shown,
    /** The panel that is being dragged; null where none is. */
    dragged: readonly(dragged),
    drag: (id: string | null) => (dragged.value = id),
    canStep: (id: string, by: -1 | 1) => stepPlace(places.value, id, by) !== places.value,
    step: (id: string, by: -1 | 1) => remember(stepPlace(places.value, id, by)),
    moveTo: (id: string, to: string) => remember(movePlace(places.value, id, to)),
    enlarge: (id: string, isLarge: boolean) => change(id, { isLarge }),
    hide: (id: string) => change(id, { isHidden: true }),
    /** Shows these panels and hides all others. */
    showOnly: (wanted: readonly string[]) =>
      remember(places.value.map((place) => ({ ...place, isHidden: !wanted.includes(place.id) }))),
    /** Everything as it is by itself. */
    reset: () => (remembered.value = []),
  };
}

export type Board = ReturnType<typeof useBoard>;
