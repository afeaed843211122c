import { defineStore } from "pinia";
import { computed, shallowRef } from "vue";

import type { Model } from "#shared/api/evaluations.ts";
import type { RunSummary } from "#shared/api/runs.ts";
import { formatMoment } from "#renderer/format/moments.ts";
import { useLab } from "#renderer/lab/labApi.ts";
import { useLoading } from "#renderer/lab/useLoading.ts";

/** The trained networks: those of trainings, newest first, then those that came with cards. */
export const useModels = defineStore("models", () => {
  const { lab, onUpdates } = useLab();
  const all = shallowRef<readonly Model[]>([]);
  const byId = computed(() => new Map(all.value.map((model) => [model.id, model])));
  const { isLoaded, error, load } = useLoading(async () => {
    all.value = await lab.listModels();
  });
  /** What was known of each training when the models were last asked for. */
  const seen = new Map<string, string>();

  // A training's checkpoints are no list of their own: they change with its state and its best validation.
  onUpdates(({ runs, removedRuns }) => {
    const changed = runs.filter((run) => run.kind === "train" && seen.get(run.id) !== toMark(run));
    for (const run of changed) seen.set(run.id, toMark(run));
    if (changed.length > 0 || removedRuns.some((id) => byId.value.has(id))) void load();
  });
  const find = (id: string): Model | null => byId.value.get(id) ?? null;

  return {
    all,
    isLoaded,
    error,
    load,
    find,
    /** A name that no other network has: the time tells those of the same name apart. */
    nameOf: (id: string): string => {
      const model = find(id);
      if (model === null) return id;
      const isOnly = all.value.filter(({ name }) => name === model.name).length === 1;
      return isOnly ? model.name : `${model.name}, ${formatMoment(model.createdAt, new Date())}`;
    },
  };
});

function toMark({ state, best }: RunSummary): string {
  return `${state} ${best?.step ?? ""}`;
}
