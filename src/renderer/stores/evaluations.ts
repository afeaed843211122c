import { defineStore } from "pinia";
import { shallowRef } from "vue";

import type { EvaluationSummary } from "#shared/api/evaluations.ts";
import { useLab } from "#renderer/lab/labApi.ts";
import { useLoading } from "#renderer/lab/useLoading.ts";

/** Every evaluation without its single pictures, newest first. */
export const useEvaluations = defineStore("evaluations", () => {
  const { lab, onUpdates } = useLab();
  const all = shallowRef<readonly EvaluationSummary[]>([]);
  const { isLoaded, error, load } = useLoading(async () => {
    all.value = await lab.listEvaluations({ runId: null });
  });
  onUpdates(({ stale }) => {
    if (stale.includes("evaluations")) void load();
  });
  return { all, isLoaded, error, load };
});
