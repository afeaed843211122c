import { defineStore } from "pinia";
import { shallowRef } from "vue";

import type { StudySummary } from "#shared/api/studies.ts";
import { useLab } from "#renderer/lab/labApi.ts";
import { useLoading } from "#renderer/lab/useLoading.ts";

/** All studies, newest first. */
export const useStudies = defineStore("studies", () => {
  const { lab, onUpdates } = useLab();
  const all = shallowRef<readonly StudySummary[]>([]);
  const { isLoaded, error, load } = useLoading(async () => {
    all.value = await lab.listStudies();
  });
  onUpdates(({ stale }) => {
    if (stale.includes("studies")) void load();
  });
  return { all, isLoaded, error, load };
});
