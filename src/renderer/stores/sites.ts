import { defineStore } from "pinia";
import { shallowRef } from "vue";

import type { Site } from "#shared/api/sites.ts";
import { useLab } from "#renderer/lab/labApi.ts";
import { useLoading } from "#renderer/lab/useLoading.ts";

/** The clusters and computers that runs can go to, by name. */
export const useSites = defineStore("sites", () => {
  const { lab } = useLab();
  const all = shallowRef<readonly Site[]>([]);
  const { isLoaded, error, load } = useLoading(async () => {
    all.value = await lab.listSites();
  });

  async function put(name: string, yaml: string): Promise<void> {
    await lab.putSite({ name, yaml });
    await load();
  }

  async function remove(name: string): Promise<void> {
    await lab.removeSite(name);
    await load();
  }

  return { all, isLoaded, error, load, put, remove };
});
