import { defineStore } from "pinia";
import { computed, shallowRef } from "vue";

import type { Model } from "#shared/api/evaluations.ts";
import type { RunSummary } from "#shared/api/runs.ts";
import { useLab } from "#renderer/labApi.ts";

import { useLoading } from "./loading.ts";

/** The trained networks, newest first. */
export const useModels = defineStore("models", () => {
  const { lab, onUpdates } = useLab();
  const all = shallowRef<readonly Model[]>([]);
  const byRun = computed(() => new Map(all.value.map((model) => [model.runId, model])));
  const { isLoaded, error, load } = useLoading(async () => {
    all.value = await lab.listModels();
  });
  /** What was known of each training when the models were last asked for. */
  const seen = new Map<string, string>();

  // A training's checkpoints are no list of their own: they change with its state and its best validation.
  onUpdates(({ runs, removedRuns }) => {
    const changed = runs.filter((run) => run.kind === "train" && seen.get(run.id) !== toMark(run));
    for (const run of changed) seen.set(run.id, toMark(run));
    if (changed.length > 0 || removedRuns.some((id) => byRun.value.has(id))) void load();
  });
  return { all, isLoaded, error, load, find: (runId: string) => byRun.value.get(runId) ?? null };
});

function toMark({ state, best }: RunSummary): string {
  return `${state} ${best?.step ?? ""}`;
}
