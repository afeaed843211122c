import { computed } from "vue";
import { useRoute, useRouter } from "vue-router";

import { SERIES_COLOURS } from "#renderer/components/charts/chartColours.ts";
import { useArchitectures } from "#renderer/stores/architectures.ts";
import { useModels } from "#renderer/stores/models.ts";
import { useTheme } from "#renderer/stores/theme.ts";

import { findItem, type ItemKey, nameItems, readSelection, type Selection, toggleKey, toQuery } from "./comparison.ts";

/** What is compared, as the address says; every change is a change of the address. */
export function useComparison() {
  const route = useRoute();
  const router = useRouter();
  const models = useModels();
  const architectures = useArchitectures();
  const theme = useTheme();
  const selection = computed(() => readSelection(route.query));
  const items = computed(() =>
    selection.value.keys.flatMap((key) => {
      const found = findItem(key, { model: models.find, architecture: architectures.find });
      return found === null ? [] : [found];
    }),
  );

  const go = (next: Selection): void => void router.replace({ path: route.path, query: toQuery(next) });

  return {
    selection,
    items,
    names: computed(() => nameItems(items.value)),
    /** The same for one thing as long as it is compared. */
    colours: computed(
      () =>
        new Map(selection.value.keys.map((key, index) => [key, SERIES_COLOURS[theme.name][index] ?? "var(--calm)"])),
    ),
    baseline: computed(() =>
      Math.max(
        0,
        items.value.findIndex(({ key }) => key === selection.value.baseline),
      ),
    ),
    isLoaded: computed(() => models.isLoaded && architectures.isLoaded),
    error: computed(() => models.error ?? architectures.error),
    retry: async () => {
      await Promise.all([models.load(), architectures.load()]);
    },
    toggle: (key: ItemKey) => go(toggleKey(selection.value, key)),
    pin: (key: ItemKey) => go({ ...selection.value, baseline: key }),
  };
}

export type Comparison = ReturnType<typeof useComparison>;
