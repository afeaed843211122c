import { defineStore } from "pinia";
import { computed, shallowRef } from "vue";

import type { Architecture } from "#shared/api/architectures.ts";
import { useLab } from "#renderer/lab/labApi.ts";
import { useLoading } from "#renderer/lab/useLoading.ts";

/** The library of architectures, newest first. */
export const useArchitectures = defineStore("architectures", () => {
  const { lab, onUpdates } = useLab();
  const all = shallowRef<readonly Architecture[]>([]);
  const byHash = computed(() => new Map(all.value.map((architecture) => [architecture.hash, architecture])));
  const { isLoaded, error, load } = useLoading(async () => {
    all.value = await lab.listArchitectures();
  });
  onUpdates(({ stale }) => {
    if (stale.includes("architectures")) void load();
  });
  return { all, isLoaded, error, load, find: (hash: string) => byHash.value.get(hash) ?? null };
});
