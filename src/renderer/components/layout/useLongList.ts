import { computed, ref, watch } from "vue";

/** Rows that are shown at first, and with every wish for more. */
export const PAGE_ROWS = 100;
/** Fewer rows are seen at a glance. */
const FILTER_FROM_ROWS = 12;

/** Shows a list page by page and lets a person filter it by words, all of which a row's text must have. */
export function useLongList<T>(rows: () => readonly T[], toText: (row: T) => string) {
  const wanted = ref("");
  const shownRows = ref(PAGE_ROWS);
  const words = computed(() => wanted.value.toLowerCase().split(/\s+/).filter(Boolean));
  const matching = computed(() => {
    if (words.value.length === 0) return rows();
    return rows().filter((row) => {
      const text = toText(row).toLowerCase();
      return words.value.every((word) => text.includes(word));
    });
  });
  watch(wanted, () => (shownRows.value = PAGE_ROWS));
  return {
    wanted,
    matching,
    shown: computed(() => matching.value.slice(0, shownRows.value)),
    /** How many the next page has; 0 where all are shown. */
    more: computed(() => Math.min(PAGE_ROWS, Math.max(0, matching.value.length - shownRows.value))),
    hasFilter: computed(() => rows().length >= FILTER_FROM_ROWS || wanted.value !== ""),
    showMore: () => {
      shownRows.value += PAGE_ROWS;
    },
  };
}
