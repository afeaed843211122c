import { defineStore } from "pinia";
import { shallowRef } from "vue";

import type { DatasetReport } from "#shared/api/datasets.ts";
import { useLab } from "#renderer/lab/labApi.ts";
import { useLoading } from "#renderer/lab/useLoading.ts";

/** The registered data sets; the built-in one is not among them. */
export const useDatasets = defineStore("datasets", () => {
  const { lab, onUpdates } = useLab();
  const all = shallowRef<readonly DatasetReport[]>([]);
  const { isLoaded, error, load } = useLoading(async () => {
    all.value = await lab.listDatasets();
  });
  onUpdates(({ stale }) => {
    if (stale.includes("datasets")) void load();
  });
  return { all, isLoaded, error, load };
});
