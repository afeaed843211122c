import { defineStore } from "pinia";
import { computed, shallowRef } from "vue";

import type { RunSummary } from "#shared/api/runs.ts";
import { ACTIVE_STATES } from "#shared/runs/runEvent.ts";
import { useLab } from "#renderer/lab/labApi.ts";
import { useLoading } from "#renderer/lab/useLoading.ts";

/** All runs, newest first, as they are now. */
export const useRuns = defineStore("runs", () => {
  const { lab, onUpdates } = useLab();
  const byId = shallowRef<ReadonlyMap<string, RunSummary>>(new Map());
  const { isLoaded, error, load } = useLoading(async () => {
    byId.value = new Map((await lab.listRuns()).map((run) => [run.id, run]));
  });

  onUpdates(({ runs, removedRuns }) => {
    if (runs.length > 0 || removedRuns.length > 0) byId.value = merge(byId.value, runs, removedRuns);
  });

  const all = computed(() => [...byId.value.values()].sort((a, b) => b.createdAt.localeCompare(a.createdAt)));
  return {
    all,
    active: computed(() => all.value.filter(({ state }) => ACTIVE_STATES.has(state))),
    isLoaded,
    error,
    load,
    find: (id: string) => byId.value.get(id) ?? null,
    put: (run: RunSummary) => {
      byId.value = merge(byId.value, [run], []);
    },
  };
});

function merge(
  known: ReadonlyMap<string, RunSummary>,
  news: readonly RunSummary[],
  removed: readonly string[],
): ReadonlyMap<string, RunSummary> {
  const merged = new Map(known);
  for (const run of news) merged.set(run.id, run);
  for (const id of removed) merged.delete(id);
  return merged;
}
