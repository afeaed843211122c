import { defineStore } from "pinia";
import { shallowRef } from "vue";

import type { NoiseProfile } from "#shared/api/noise.ts";
import type { Noise } from "#shared/image/noise.ts";
import { useLab } from "#renderer/lab/labApi.ts";
import { useLoading } from "#renderer/lab/useLoading.ts";

/** Noise settings that were given a name, by name. */
export const useNoiseProfiles = defineStore("noiseProfiles", () => {
  const { lab, onUpdates } = useLab();
  const all = shallowRef<readonly NoiseProfile[]>([]);
  const { isLoaded, error, load } = useLoading(async () => {
    all.value = await lab.listNoiseProfiles();
  });
  onUpdates(({ stale }) => {
    if (stale.includes("noiseProfiles")) void load();
  });

  /** Replaces a profile of the same name. */
  async function save(name: string, noise: Noise): Promise<void> {
    await lab.saveNoiseProfile({ name, noise });
    await load();
  }

  async function remove(name: string): Promise<void> {
    await lab.removeNoiseProfile(name);
    await load();
  }

  return {
    all,
    isLoaded,
    error,
    load,
    find: (name: string) => all.value.find((profile) => profile.name === name) ?? null,
    save,
    remove,
    /** Saves under the new name before the old one goes, so that nothing is lost between the two. */
    rename: async (from: string, to: string, noise: Noise): Promise<void> => {
      await save(to, noise);
      if (from !== to) await remove(from);
    },
  };
});
